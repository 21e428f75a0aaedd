/** A job's own page: its status and name follow, and its history is fetched anew by whoever listens. */
import type { Answer } from "./answer";
import { isBusy } from "./busy";
import { markGone } from "./marks";
import { morphInside } from "./morph";
import type { News } from "./rows";
import { confirmedAt, isGone, pageIsland, shownAt } from "./shown";

const TAKEN_OVER = ["data-job-name", "data-status", "data-updated-at"];

export function applyJob({ rows: [now], gone }: Answer): News {
  const news: News = { changed: [], deleted: [] };
  const island = pageIsland();
  if (!island || isGone(island) || isBusy(island)) return news;
  const id = island.dataset["jobId"] ?? "";
  if (gone.has(id)) {
    island.setAttribute("data-gone", "");
    markGone(island.closest(".head") ?? document.body, document.querySelector("h1"));
    news.deleted.push(id);
  } else if (now && shownAt(now) > confirmedAt(island)) {
    takeOver(island, now);
    news.changed.push(id);
  }
  return news;
}

function takeOver(island: HTMLElement, row: Element): void {
  const before = island.dataset["jobName"] ?? "";
  const source = row.querySelector("job-status");
  for (const name of TAKEN_OVER) island.setAttribute(name, source?.getAttribute(name) ?? "");
  const name = island.dataset["jobName"] ?? "";
  const heading = document.querySelector("h1");
  if (!heading || before === name) return;
  document.title = document.title.replace(before, () => name);
  const fresh = document.createElement("h1");
  fresh.textContent = name;
  morphInside(heading, fresh);
  island.closest(".head")?.querySelector("[data-delete-job]")?.setAttribute("data-job-name", name);
}
