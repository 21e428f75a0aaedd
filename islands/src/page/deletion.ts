import { focusTable } from "./table";

/** The deletion that a delete button asks for. */
export interface Deletion {
  id: string;
  name: string;
  opener: HTMLElement;
  /** The URL to go to after deleting the page's own job. */
  afterDelete: string | undefined;
}

export function readDeletion(opener: HTMLElement): Deletion {
  const { deleteJob: id = "", jobName = "", afterDelete } = opener.dataset;
  return { id, name: jobName, opener, afterDelete };
}

/** Moves the focus to the next row, or else to the previous one, or else to the table. */
export function focusAfterDeletion(opener: HTMLElement): void {
  const row = opener.closest("tr");
  const neighbor = row?.nextElementSibling ?? row?.previousElementSibling;
  const link = neighbor?.querySelector<HTMLElement>("a[href]");
  if (link?.isConnected) link.focus();
  else focusTable();
}
