/** What must be right after htmx has replaced something: title, announcement, focus. */
import { announce } from "./announcer";
import { isShown } from "./answers";
import { onHtmx } from "./htmx-events";
import { focusTable, holdsTable, jobTable, PANEL_ID } from "./table";

const PICTURE_ID = "activity";

let focused: HTMLElement | undefined;
/** Whether the focus was in the picture above the table, which loses its own link when it is hidden. */
let wasInPicture = false;

function rememberFocus(): void {
  const active = document.activeElement;
  focused = active instanceof HTMLElement && jobTable()?.contains(active) ? active : undefined;
  wasInPicture = active?.closest(`#${PICTURE_ID}`) != null;
}

/** The ranges are there whether the picture is shown or hidden. */
function restorePictureFocus(): void {
  if (!wasInPicture || document.activeElement !== document.body) return;
  document.querySelector<HTMLElement>(`#${PICTURE_ID} .choices a`)?.focus({ preventScroll: true });
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
    if (ctx.target.id === PICTURE_ID) restorePictureFocus();
    if (!holdsTable(ctx.target)) return;
    restoreFocus();
    describeTable();
  });
}
