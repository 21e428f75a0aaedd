/** What must be right after htmx has replaced something: title, announcement, focus. */
import { announce } from "./announcer";
import { isShown } from "./answers";
import { onHtmx } from "./htmx-events";
import { focusTable, holdsTable, jobTable, PANEL_ID } from "./table";

let focused: HTMLElement | undefined;

function rememberFocus(): void {
  const active = document.activeElement;
  focused = active instanceof HTMLElement && jobTable()?.contains(active) ? active : undefined;
}

/** A moved element may drop the focus, a removed one always does. */
function restoreFocus(): void {
  if (!focused || document.activeElement === focused) return;
  if (focused.isConnected) focused.focus({ preventScroll: true });
  else if (document.activeElement === document.body) focusTable();
  focused = undefined;
}

/** Table, tabs and history each know what the page is called now. */
function nameTab({ id }: Element): void {
  const title = document.getElementById(id)?.dataset["title"];
  if (title) document.title = title;
}

function describeTable(): void {
  const { announce: text } = jobTable()?.dataset ?? {};
  if (text) announce("table", text);
}

export function wireSwaps(): void {
  // A refresh that waited for a paging request must ask for the page that is shown now.
  onHtmx("htmx:before:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement.id === PANEL_ID)
      ctx.request.action = ctx.sourceElement.getAttribute("hx-get") ?? ctx.request.action;
  });
  // Cancelled here, and not by `noSwap`, because then the address is not pushed either.
  onHtmx("htmx:before:swap", (event) => {
    if (isShown(event.detail.ctx)) rememberFocus();
    else event.preventDefault();
  });
  onHtmx("htmx:after:swap", ({ detail: { ctx } }) => {
    nameTab(ctx.target);
    if (!holdsTable(ctx.target)) return;
    restoreFocus();
    describeTable();
  });
}
