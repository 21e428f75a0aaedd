import { focusTable } from "./table";

/** One wish to delete one job, as the button that opened the dialog states it. */
export interface Deletion {
  id: string;
  name: string;
  opener: HTMLElement;
  /** Where to go when the page's own job is gone. */
  afterDelete: string | undefined;
}

export function readDeletion(opener: HTMLElement): Deletion {
  const { deleteJob: id = "", jobName = "", afterDelete } = opener.dataset;
  return { id, name: jobName, opener, afterDelete };
}

/** The next row takes the focus, else the one before, else the table. */
export function focusAfterDeletion(opener: HTMLElement): void {
  const row = opener.closest("tr");
  const neighbour = row?.nextElementSibling ?? row?.previousElementSibling;
  const link = neighbour?.querySelector<HTMLElement>("a[href]");
  if (link?.isConnected) link.focus();
  else focusTable();
}
