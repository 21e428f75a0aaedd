/** What has changed, as the server says it: one table whose rows are those that did, and whose attributes the rest. */

export interface Answer {
  rows: HTMLTableRowElement[];
  gone: Set<string>;
  left: Set<string>;
  leftText: string;
  /** Of the tabs, from the left; undefined where they were not counted. */
  counts: string[] | undefined;
  shown: string | undefined;
  title: string | undefined;
  /** How many jobs belong above the rows: "0", "37", "99+"; undefined where they have no place. */
  fresh: string | undefined;
}

/** Throws where it is something else. */
export function readAnswer(text: string): Answer {
  const template = document.createElement("template");
  template.innerHTML = text;
  const table = template.content.querySelector<HTMLTableElement>("table#live");
  if (!table) throw new Error("the answer says nothing of the screen");
  const { gone, left, leftText = "", counts, shown, title, new: fresh } = table.dataset;
  return {
    rows: [...table.querySelectorAll<HTMLTableRowElement>('tr[id^="job-"]')],
    gone: words(gone),
    left: words(left),
    leftText,
    counts: counts?.split(" "),
    shown,
    title,
    fresh,
  };
}

function words(text = ""): Set<string> {
  return new Set(text.split(" ").filter(Boolean));
}
