/** Live updates, from the first paint on: what others change shows within seconds, and nothing moves under the hand. */
import { emit } from "../events";
import { announce } from "../page/announcer";
import { onHtmx } from "../page/htmx-events";
import { focusTable, holdsTable, jobTable } from "../page/table";
import { readAnswer } from "./answer";
import { applyAround } from "./around";
import { flash } from "./flash";
import { applyJob } from "./job-page";
import { type Condition, Poller } from "./poller";
import { applyRows } from "./rows";
import { pageIsland } from "./shown";
import { isSwitchedOff, showCondition, wireSwitch } from "./switch";
import { tell } from "./tell";

const TOUCHES = ["pointerdown", "pointermove", "keydown", "wheel", "scroll"];

function apply(text: string): boolean {
  const answer = readAnswer(text);
  const onJobPage = pageIsland() !== null;
  const news = onJobPage ? applyJob(answer) : applyRows(answer);
  if (!onJobPage) applyAround(answer);
  flash(news.changed);
  tell(news, answer.fresh);
  const ids = [...news.changed, ...news.deleted];
  // A deleted job has no history to fetch, and an old page of one stays under the eyes that read it.
  const isFollowed = !onJobPage || !(news.deleted.length || location.search.includes("cursor="));
  if (ids.length && isFollowed) emit("jobs:updated", { ids });
  return ids.length > 0 || answer.counts !== undefined;
}

let shown: Condition | undefined;

function show(condition: Condition): void {
  showCondition(condition);
  if (condition === "failing" && shown !== "failing") announce("live", "Live updates paused, retrying");
  if (condition === "live" && shown === "failing") announce("live", "Live updates resumed");
  shown = condition;
}

export function startLive(): void {
  const poller = new Poller(apply, show);
  wireSwitch(
    (off) => {
      poller.paused = off;
    },
    () => poller.retry(),
  );
  const touched = () => poller.touched();
  for (const name of TOUCHES) document.addEventListener(name, touched, { passive: true, capture: true });
  document.addEventListener("visibilitychange", () => poller.hidden(document.hidden));
  addEventListener("offline", () => poller.lost());
  addEventListener("online", () => poller.soon());
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    if (!holdsTable(ctx.target)) return;
    if (ctx.sourceElement.id === "new-jobs") showTop();
    poller.begin();
  });
  if (isSwitchedOff()) poller.paused = true;
  else {
    show("live");
    poller.begin();
  }
}

/**
 * What was asked for is above: the pill, which had the focus perhaps, is gone. "nearest" would not do: of a table taller
 * than the window it shows the end.
 */
function showTop(): void {
  focusTable();
  const table = jobTable();
  if (table && table.getBoundingClientRect().top < 0) table.scrollIntoView({ block: "start" });
}
