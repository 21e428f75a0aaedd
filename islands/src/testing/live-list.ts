/** A list page and live updates, as the server renders them. */

export interface Shown {
  id: number;
  name?: string;
  status?: string;
  created?: string;
  updated?: string;
}

export const EARLY = "2026-11-22T10:00:01.000001Z";
export const LATE = "2026-11-22T10:07:02.000002Z";

export function row({ id, name = `Job ${id}`, status = "PENDING", created = EARLY, updated = EARLY }: Shown): string {
  return `<tr id="job-${id}">
    <td class="name"><a href="/jobs/${id}/">${name}</a> <small>${id}</small></td>
    <td class="current_status"><job-status data-job-id="${id}" data-job-name="${name}" data-status="${status}"
      data-updated-at="${updated}" hx-morph-skip-children><span>${status}</span></job-status></td>
    <td class="created_at"><time datetime="${created}">${created}</time></td>
    <td class="updated_at"><time datetime="${updated}">${updated}</time></td>
    <td class="actions"><button data-delete-job="${id}" aria-label="Delete ${name}"></button></td></tr>`;
}

export function list(rows: Shown[], { query = "", pill = "" } = {}): string {
  return `<div id="live-state" hidden><button type="button"><i></i><span></span></button>
      <button type="button" data-retry hidden>Retry</button></div>
    <section id="job-table" tabindex="-1" data-title="Jobs · Job dashboard">
      <nav id="status-tabs">${"<a><span>Label</span> <small>0</small></a>".repeat(5)}</nav>
      ${pill && `<a id="new-jobs" href="/" ${pill} hidden></a>`}
      <div id="job-panel" hx-get="/${query}"><table><tbody>${rows.map(row).join("")}</tbody></table>
        <p class="shown">before</p></div>
    </section>
    <div id="announcer" role="status"></div>`;
}

export function liveUpdate(rows: Shown[] = [], attributes = ""): string {
  return `<table id="live" ${attributes}><tbody>${rows.map(row).join("")}</tbody></table>`;
}
