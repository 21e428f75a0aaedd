export const createJobIsland = {
  tag: "create-job",
  observed: [],
  props: () => ({}),
  load: () => import("./CreateJob").then((module) => module.CreateJob),
};
