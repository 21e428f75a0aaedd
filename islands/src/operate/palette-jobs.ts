/** Jobs as palette items. Opened from the palette, a job keeps the list as the one to return to, as the rows' links do. */
import { STATUSES } from "../api/statuses";
import type { Job } from "../api/types";
import type { PaletteItem } from "./palette-item";
import type { JobRef } from "./rows";

export const JOBS = "Jobs";

export function jobItem({ id, name, current_status }: Job): PaletteItem {
  const note = `${id}, ${STATUSES[current_status].label}`;
  return { ...jobLink({ id, name }, JOBS), note, status: current_status };
}

/** A job of which only the name is known. */
export function jobLink({ id, name }: JobRef, group: string): PaletteItem {
  return {
    key: `job ${id}`,
    group,
    label: "",
    text: name,
    note: id,
    run: () => location.assign(`/jobs/${id}/${listQuery()}`),
  };
}

/** The `?from=…` that leads back to the list, as the page renders it. */
export function listQuery(): string {
  return document.querySelector<HTMLElement>("[data-job-query]")?.dataset["jobQuery"] ?? "";
}
