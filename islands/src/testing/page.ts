/** A list page, reduced to what the page behaviors need, and htmx's events as htmx dispatches them. */
import type { HtmxEventMap, HtmxRequestCtx } from "htmx.org";

export const PAGE = `
  <form role="search"><input type="search" id="search"></form>
  <section id="job-table" tabindex="-1" data-title="Failed jobs" data-announce="2 of 2 jobs">
    <div id="job-panel" hx-get="/?status=FAILED"><table><tbody>
      <tr id="row-1"><td><a href="/jobs/1/">One</a><button type="button" data-delete-job="1" data-job-name="One">Delete</button></td></tr>
      <tr id="row-2"><td><a href="/jobs/2/">Two</a><button type="button" data-delete-job="2" data-job-name="Two">Delete</button></td></tr>
    </tbody></table></div>
  </section>
  <div id="announcer" role="status"></div>
  <div id="banner" role="alert" hidden><p></p><a href="/login/" target="_blank" hidden>Log in again</a><button type="button">Retry</button><button type="button" aria-label="Dismiss">×</button></div>
  <dialog id="delete-dialog"><form method="dialog"><h2 id="delete-title">Delete job?</h2>
    <p><strong><bdi data-name></bdi></strong> <small data-id></small> and <span data-histories>its status history</span> will be deleted. This cannot be undone.</p><ul data-jobs hidden></ul><p class="field-error" role="alert" hidden></p>
    <menu><button value="cancel">Cancel</button><button type="submit" value="delete" data-confirm>Delete job</button></menu>
  </form></dialog>`;

export function element(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`no ${selector} on the page`);
  return found;
}

interface ResponseOptions {
  status?: number;
  text?: string;
  target?: Element;
  headers?: Record<string, string>;
}

export function request({ status, text, target, headers = {} }: ResponseOptions = {}): HtmxRequestCtx {
  const table = element("#job-table");
  return {
    sourceElement: element("#job-panel"),
    sourceEvent: null,
    target: target ?? table,
    request: { action: "/?status=OLD", method: "GET", headers },
    response: status === undefined ? undefined : { status },
    text,
  } as unknown as HtmxRequestCtx;
}

/** Returns false if a listener canceled it. */
export function fire<Name extends keyof HtmxEventMap>(name: Name, detail: HtmxEventMap[Name]): boolean {
  return document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, cancelable: true }));
}
