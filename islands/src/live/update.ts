/** A live update from the server: a table with the changed rows, and everything else in its attributes. */

export interface LiveUpdate {
  rows: HTMLTableRowElement[];
  /** Ids of deleted jobs. */
  deleted: Set<string>;
  /** Ids of jobs that no longer match the list's filters, and the text that says so. */
  left: Set<string>;
  leftText: string;
  /** The counts of the tabs, in order; undefined if they were not counted. */
  counts: string[] | undefined;
  shownText: string | undefined;
  title: string | undefined;
  /** The number of new jobs above the rows: "0", "37", "99+"; undefined if this page does not count them. */
  newCount: string | undefined;
}

/** Throws if the response is not a live update. */
export function parseUpdate(text: string): LiveUpdate {
  const template = document.createElement("template");
  template.innerHTML = text;
  const table = template.content.querySelector<HTMLTableElement>("table#live");
  if (!table) throw new Error("the response is not a live update");
  const { gone, left, leftText = "", counts, shown, title, new: newCount } = table.dataset;
  return {
    rows: [...table.querySelectorAll<HTMLTableRowElement>('tr[id^="job-"]')],
    deleted: idSet(gone),
    left: idSet(left),
    leftText,
    counts: counts?.split(" "),
    shownText: shown,
    title,
    newCount,
  };
}

function idSet(text = ""): Set<string> {
  return new Set(text.split(" ").filter(Boolean));
}
