/** A list page with some jobs, reduced to what shortcuts and selection need. */
import type { StatusType } from "../api/types";

export function listPage(ids: readonly number[], status: StatusType = "PENDING"): string {
  return `
    <nav id="status-tabs"><a href="#all">All</a><a href="#failed"><svg data-status="FAILED"></svg>Failed</a></nav>
    <form id="job-search"><input type="search" id="search"></form>
    <section id="job-table" tabindex="-1">${tableOf(ids, status)}</section>
    <div id="announcer" role="status"></div>
    <dialog id="delete-dialog"><form method="dialog"><h2 id="delete-title">Delete job?</h2>
      <p><strong><bdi data-name></bdi></strong> <small data-id></small> and <span data-histories>its status history</span> will be deleted. This cannot be undone.</p><ul data-jobs hidden></ul><p class="field-error" role="alert" hidden></p>
      <menu><button value="cancel">Cancel</button><button value="delete" data-confirm>Delete job</button></menu>
    </form></dialog>`;
}

export function tableOf(ids: readonly number[], status: StatusType = "PENDING"): string {
  const rows = ids.map(
    (id) => `<tr id="job-${id}">
      <td class="select"><label><input type="checkbox" data-select="${id}" aria-label="Select Job ${id}"></label></td>
      <td class="name"><a href="#jobs/${id}">Job ${id}</a></td>
      <td><job-state id="job-status-${id}" data-status="${status}" data-updated-at=""></job-state></td>
      <td><button type="button" data-delete-job="${id}" data-job-name="Job ${id}">Delete</button></td></tr>`,
  );
  return `<table><thead><tr><th><input type="checkbox" data-select-page></th></tr></thead>
    <tbody>${rows.join("")}</tbody></table><a id="page-next" href="#older">Older</a>`;
}
