/** What is on the screen, as the server needs it to say what has changed: read off the page on each use. */
import { jobTable, PANEL_ID } from "../page/table";
import { pageIsland, shownRows, versionOf } from "./shown";

export interface Screen {
  url: string;
  /** One for each job, in order: what the browser shows of it, as the server's entity tag begins. */
  versions: string[];
}

/** What the server reads of an address, with room for the rest of the request line. */
const LONGEST_URL = 8_100;

/** Undefined where the page shows no jobs, but what is wrong; or where all that is asked for fits into no address. */
export function readScreen(): Screen | undefined {
  const island = pageIsland();
  if (island) {
    const url = `/live/jobs/${island.dataset["jobId"]}/`;
    return { url, versions: [versionOf(island)] };
  }
  const panel = document.getElementById(PANEL_ID);
  const here = panel?.getAttribute("hx-get");
  if (!jobTable() || here == null) return undefined;
  const rows = shownRows();
  const query = new URLSearchParams(here.split("?")[1] ?? "");
  query.delete("cursor");
  const ids = `ids=${rows.map(({ id }) => id.slice("job-".length)).join(",")}`;
  const parts = [ids, beyond(rows, query), query.toString()].filter(Boolean);
  const url = `/live/?${parts.join("&")}`;
  return url.length > LONGEST_URL ? undefined : { url, versions: rows.map(versionOf) };
}

/** Where new jobs belong above these rows: from the last row's key upwards, or anywhere while no row is missing below. */
function beyond(rows: HTMLElement[], query: URLSearchParams): string {
  const pill = document.getElementById("new-jobs");
  const last = rows.at(-1);
  if (!pill) return "";
  if (!last || pill.dataset["whole"] !== undefined) return "beyond=end";
  const column = query.get("ordering") === "-updated_at" ? "updated_at" : "created_at";
  // As the page came: a row that has moved up since is no measure of what was above it.
  const moment = pill.dataset["beyond"] ?? last.querySelector(`.${column} time`)?.getAttribute("datetime");
  if (!moment) return "";
  pill.dataset["beyond"] = moment;
  return `beyond=${moment},${last.id.slice("job-".length)}`;
}
