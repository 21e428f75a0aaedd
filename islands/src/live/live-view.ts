/**
 * The live view: the jobs that the page shows, as the URL to poll for them and their versions. Read from the page on
 * each use.
 */
import { jobIdOf, jobRows } from "../dom";
import { jobTable, PANEL_ID } from "../page/table";
import { pageIsland, versionOf } from "./visible-jobs";

export interface LiveView {
  url: string;
  /** The version of each job that the page shows, in order: the beginning of the server's ETag. */
  versions: string[];
}

/** The server's limit for a URL, less the rest of the request line. */
const MAX_URL_LENGTH = 8_100;

/** Undefined if the page shows an error instead of jobs, or if the URL would be too long. */
export function readLiveView(): LiveView | undefined {
  const island = pageIsland();
  if (island) {
    const url = `/live/jobs/${island.dataset["jobId"]}/`;
    return { url, versions: [versionOf(island)] };
  }
  const panel = document.getElementById(PANEL_ID);
  const listUrl = panel?.getAttribute("hx-get");
  if (!jobTable() || listUrl == null) return undefined;
  const rows = jobRows();
  const query = new URLSearchParams(listUrl.split("?")[1] ?? "");
  query.delete("cursor");
  const ids = `ids=${rows.map(jobIdOf).join(",")}`;
  const parts = [ids, anchorParameter(rows, query), query.toString()].filter(Boolean);
  const url = `/live/?${parts.join("&")}`;
  return url.length > MAX_URL_LENGTH ? undefined : { url, versions: rows.map(versionOf) };
}

/** The key above which new jobs are counted: that of the last row, or the end of the list if there is no next page. */
function anchorParameter(rows: HTMLElement[], query: URLSearchParams): string {
  const pill = document.getElementById("new-jobs");
  const last = rows.at(-1);
  if (!pill) return "";
  if (!last || pill.dataset["whole"] !== undefined) return "beyond=end";
  const column = query.get("ordering") === "-updated_at" ? "updated_at" : "created_at";
  // Kept from the first poll: if the row's own time changes, it no longer tells which jobs were above the row.
  const moment = pill.dataset["beyond"] ?? last.querySelector(`.${column} time`)?.getAttribute("datetime");
  if (!moment) return "";
  pill.dataset["beyond"] = moment;
  return `beyond=${moment},${jobIdOf(last)}`;
}
