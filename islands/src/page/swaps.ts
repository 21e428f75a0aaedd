/** Updates the title, the announcement and the focus after htmx swaps. */
import { announce } from "./announcer";
import { onHtmx } from "./htmx-events";
import { isSwappable } from "./swappable";
import { focusTable, holdsTable, jobTable, PANEL_ID } from "./table";

let focused: HTMLElement | undefined;

function rememberFocus(): void {
  const active = document.activeElement;
  focused = active instanceof HTMLElement && active.closest("#job-table, #operation") ? active : undefined;
}

/** Moving an element may drop the focus, removing it always does. */
function restoreFocus(): void {
  const element = focused;
  focused = undefined;
  if (!element || document.activeElement === element) return;
  if (element.isConnected) element.focus({ preventScroll: true });
  else if (document.activeElement === document.body) focusTable();
}

/** Table, tabs, history and operation carry the title of the page they belong to. */
function updateTitle({ id }: Element): void {
  const title = document.getElementById(id)?.dataset["title"];
  if (title) document.title = title;
}

function announceIn(element: HTMLElement | null): void {
  const { announce: text } = element?.dataset ?? {};
  if (text) announce("table", text);
}

export function wireSwaps(): void {
  // A refresh that waited for a paging request must fetch the page that is shown now.
  onHtmx("htmx:before:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement.id === PANEL_ID)
      ctx.request.action = ctx.sourceElement.getAttribute("hx-get") ?? ctx.request.action;
  });
  // Canceled here instead of by `noSwap`, so that the URL is not pushed either.
  onHtmx("htmx:before:swap", (event) => {
    if (isSwappable(event.detail.ctx)) rememberFocus();
    else event.preventDefault();
  });
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    updateTitle(ctx.target);
    restoreFocus();
    announceIn(holdsTable(ctx.target) ? jobTable() : document.getElementById(ctx.target.id));
  });
}
