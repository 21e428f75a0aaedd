/** Commands that watch jobs and lists, and what the page shows of it. */
import { isolate } from "../api/names";
import { isJobPage } from "../dom";
import { jobTable, PANEL_ID } from "../page/table";
import { askPermission, type Permission, permission } from "../watch/notify";
import { pollSoon } from "../watch/poller";
import { FINISHED, watchUrl } from "../watch/reply";
import { startWatching } from "../watch/start";
import { isWatching, MAX_JOBS, MAX_VIEWS, type Result, readWatched, type Watched, writeWatched } from "../watch/store";
import { lines, title } from "../watch/words";
import { describeJobs } from "./describe";
import { displayedState } from "./displayed-jobs";
import { NO_JOB_SELECTED } from "./messages";
import type { JobRef } from "./rows";
import { targets } from "./targets";
import { type Action, showToast } from "./toast";
import { openWatched } from "./watch-list";

/** The server's limit for a URL, less the rest of the request line. */
const MAX_URL_LENGTH = 8_000;
const TOPIC = "watch";
/** They change only which page of the list is shown, and in which order. */
const NOT_WATCHED = ["cursor", "page_size", "ordering"];
const HERE = "this page will say so, and its title while you are elsewhere.";
const WITHOUT: Record<Permission, string> = {
  granted: "You’ll get a notification.",
  default: `Allow notifications to be told in other windows too. Until then, ${HERE}`,
  denied: `This browser blocks notifications from here, so ${HERE}`,
  missing: `This browser has no notifications here, so ${HERE}`,
};

/** In its own style sheet, because the rows are the server's, which does not know what this browser watches. */
const marks = new CSSStyleSheet();

/** Also after something else is watched. */
export function begin(): void {
  startWatching(tell);
  markWatched();
}

export function toggleTargets(jobs: readonly JobRef[]): void {
  const { jobs: watched } = readWatched();
  const added = jobs.filter(({ id }) => !watched.some((job) => job.id === id));
  const what = describeJobs(jobs);
  if (jobs.length === 0) say(NO_JOB_SELECTED);
  else if (added.length === 0) {
    change({ jobs: watched.filter(({ id }) => !jobs.some((job) => job.id === id)) });
    say(`No longer watching ${what}`);
  } else if (watched.length + added.length > MAX_JOBS) say(`You can watch up to ${MAX_JOBS} jobs.`);
  else {
    const fresh = added.map(({ id, name }) => ({ id, name, version: displayedState(id)?.updatedAt ?? "" }));
    const until = jobs.length > 1 ? "they complete or fail" : "it completes or fails";
    const again = added.every(({ id }) => FINISHED.has(displayedState(id)?.status ?? "")) ? " again" : "";
    void confirm({ jobs: [...watched, ...fresh] }, `Watching ${what} until ${until}${again}.`);
  }
}

export function toggleView(): void {
  const parameters = new URLSearchParams(location.search);
  for (const name of NOT_WATCHED) parameters.delete(name);
  const query = parameters.toString();
  const label = jobTable()?.querySelector("h1")?.textContent ?? "Jobs";
  const { views } = readWatched();
  const others = views.filter((view) => view.query !== query);
  if (!document.getElementById(PANEL_ID)) say("This list can’t be watched: it shows no jobs.");
  else if (others.length < views.length) {
    change({ views: others });
    say(`No longer watching ${isolate(label)}`);
  } else if (views.length >= MAX_VIEWS) say(`You can watch up to ${MAX_VIEWS} lists.`);
  else
    void confirm({ views: [...views, { query, label }] }, `Watching ${isolate(label)} for jobs that complete or fail.`);
}

const say = (text: string) => showToast({ text, topic: TOPIC });

/** Returns false if it could not be stored. */
function change(part: Partial<Watched>): boolean {
  const watched = readWatched();
  // What has happened before is not told: it goes on from the present.
  const cursor = isWatching(watched) ? watched.cursor : "";
  const isStored = writeWatched({ ...watched, cursor, ...part });
  begin();
  pollSoon();
  return isStored;
}

/** Permission is asked now, and never before. The toast does not wait for the answer, which may never come. */
async function confirm(part: Partial<Watched>, text: string): Promise<void> {
  if (watchUrl({ ...readWatched(), ...part }).length > MAX_URL_LENGTH) {
    say("That is too much to watch at once. Stop watching something first.");
    return;
  }
  if (!change(part)) {
    say("This browser doesn’t store what is watched. Allow it to store data from here.");
    return;
  }
  const show = (given: Permission) => showToast({ text: `${text} ${WITHOUT[given]}`, topic: TOPIC, actions: [LIST] });
  const before = permission();
  show(before);
  const after = await askPermission();
  if (after !== before) show(after);
}

export function openList(): void {
  openWatched(WITHOUT[permission()], change);
}

const LIST: Action = { label: "Watched", run: openList, command: "watched" };

function tell(results: readonly Result[]): void {
  const [only] = results;
  const open: Action[] =
    only && results.length === 1 && only.status !== "DELETED"
      ? [{ label: "Open", run: () => location.assign(`/jobs/${only.id}/`) }]
      : [];
  showToast({ text: [title(results), ...lines(results)].join(". "), actions: open, sticky: true });
  markWatched();
}

/** In the rows of the list, or on the button of a job's page. */
function markWatched(): void {
  const ids = readWatched().jobs.map(({ id }) => id);
  const rows = ids.map((id) => `#job-${id} .name small:not(.mark)::after`).join();
  marks.replaceSync(rows && `@media screen { ${rows} { content: " watched"; font-family: var(--font); } }`);
  if (!document.adoptedStyleSheets.includes(marks)) document.adoptedStyleSheets.push(marks);
  if (isJobPage()) {
    const button = document.querySelector<HTMLElement>("[data-run=watch]");
    const isPressed = targets().some(({ id }) => ids.includes(id));
    button?.setAttribute("aria-pressed", String(isPressed));
  }
}
