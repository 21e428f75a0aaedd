/** What the palette offers for a text. */
import type { Job } from "../api/types";
import { announce } from "../page/announcer";
import { clearRecent, readRecent } from "../page/recent";
import { fold } from "./fold";
import { paletteControls } from "./palette-controls";
import type { PaletteItem } from "./palette-item";
import { jobItem, jobLink } from "./palette-jobs";
import { matchItems } from "./palette-match";
import { palettePages } from "./palette-pages";
import { looksLikeSearch, searchItem } from "./palette-searches";
import { paletteSorts } from "./palette-sorts";
import { paletteViews } from "./palette-views";
import { pageJob } from "./rows";

export interface Offer {
  items: PaletteItem[];
  /** The first item is the best one, whatever jobs are found. */
  isCertain: boolean;
  /** Jobs among them. */
  jobs: number;
}

/** The commands that can run now: those for the selection first. A control with the label of a command is left out. */
export function allCommands(commands: readonly PaletteItem[]): PaletteItem[] {
  const others = [...paletteViews(), ...palettePages(), ...paletteSorts(), ...paletteControls(), ...clearing()];
  const replaced = new Set(others.map(({ replaces }) => replaces));
  const labels = new Set(commands.map(({ label }) => label.toLowerCase()));
  return [
    ...commands.filter(({ key }) => !replaced.has(key)),
    ...others.filter(({ label }) => !labels.has(label.toLowerCase())),
  ];
}

export function offer(text: string, commands: readonly PaletteItem[], jobs: readonly Job[]): Offer {
  return text === "" ? withoutText(commands) : withText(text, commands, jobs);
}

function withoutText(commands: readonly PaletteItem[]): Offer {
  const { jobs, searches } = readRecent();
  const first = commands.filter(({ isForJobs }) => isForJobs);
  const here = pageJob()?.id;
  const items = [
    ...first,
    ...jobs.filter(({ id }) => id !== here).map((job) => jobLink(job, "Recent jobs")),
    ...searches.map((search) => searchItem(search, "Recent searches", "")),
    ...commands.filter((command) => !first.includes(command)),
  ];
  return { items, isCertain: true, jobs: jobs.length };
}

function withText(text: string, commands: readonly PaletteItem[], jobs: readonly Job[]): Offer {
  const { close, loose } = matchItems(commands, text);
  const search = searchItem(text);
  const recent = readRecent();
  const typed = fold(text);
  const searches = recent.searches
    .filter((other) => other !== text && fold(other).includes(typed))
    .map((other) => searchItem(other, "Recent searches", ""));
  const opened = recent.jobs
    .filter(({ id, name }) => typed !== "" && fold(name).includes(typed) && !jobs.some((job) => job.id === id))
    .map((job) => jobLink(job, "Recent jobs"));
  const isSearch = looksLikeSearch(text);
  const first = isSearch ? [search, ...close] : close;
  const last = isSearch ? [] : [search];
  const others = loose.map((item) => ({ ...item, group: "Other commands" }));
  return {
    items: [...first, ...jobs.map(jobItem), ...opened, ...searches, ...others, ...last],
    isCertain: first.length > 0,
    jobs: jobs.length + opened.length,
  };
}

function clearing(): PaletteItem[] {
  const { jobs, searches } = readRecent();
  if (jobs.length + searches.length === 0) return [];
  const run = () => {
    clearRecent();
    announce("palette", "Recent jobs and searches cleared");
  };
  return [{ key: "clear-recent", group: "More", label: "Clear recent", words: "jobs searches", run }];
}
