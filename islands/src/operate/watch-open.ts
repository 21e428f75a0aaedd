/** Begins to watch as soon as there is something to watch, in this tab or another. Loads nothing before. */
import { local } from "../storage";
import { reportNotLoaded } from "./hints";
import { targets } from "./targets";

/** As in watch/store.ts. */
const STORAGE_KEY = "job-dashboard:watched";

type Watching = typeof import("./watching");

let isUsed = false;

function use(run: (watching: Watching) => void): boolean {
  isUsed = true;
  void import("./watching").then(run, () => reportNotLoaded());
  return true;
}

export function watchTargets(): boolean {
  const jobs = targets();
  return use(({ toggleTargets }) => toggleTargets(jobs));
}

export const watchView = () => use(({ toggleView }) => toggleView());
export const showWatched = () => use(({ openList }) => openList());

export function wireWatching(): void {
  const check = () => {
    isUsed ||= local.read(STORAGE_KEY) !== null;
    if (isUsed) import("./watching").then(({ begin }) => begin(), console.info);
  };
  check();
  addEventListener("storage", ({ key }) => (key === STORAGE_KEY || key === null) && check());
}
