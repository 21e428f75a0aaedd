/** The form that begins an operation, and the buttons that cancel, undo or retry one. */
import { change } from "../api/client";
import { ApiError, errorMessage } from "../api/errors";
import { parseObject } from "../api/parse";
import { session } from "../storage";

const PAGES = "/operations/";
const OPERATIONS = "/api/operations/";
const TYPED = "typed";

export function startOperations(): void {
  document.addEventListener("change", showChosen);
  document.addEventListener("submit", (event) => {
    if (!(event.target instanceof HTMLFormElement) || event.target.dataset["selection"] === undefined) return;
    event.preventDefault();
    begin(event.target);
  });
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLButtonElement>("button[data-post]") : null;
    if (button) void post(button.dataset["post"] ?? "", "", button);
  });
  document.addEventListener("input", ({ target }) => forget(target as Element));
  restore();
  // Browsers keep what was chosen before a reload.
  showChosen();
}

function showChosen(): void {
  const chosen = document.querySelector<HTMLInputElement>("input[name=action]:checked");
  if (chosen) showAction(chosen);
}

function showAction({ value, dataset }: HTMLInputElement): void {
  for (const part of document.querySelectorAll<HTMLFieldSetElement>("fieldset[data-for]")) {
    part.hidden = part.dataset["for"] !== value;
    part.disabled = false;
    for (const field of part.querySelectorAll<HTMLInputElement>("input, select")) field.disabled = part.hidden;
  }
  const button = document.querySelector<HTMLElement>("[data-count]");
  if (!button) return;
  const to = statusField()?.selectedOptions[0];
  const end = value === "set_status" && to?.value ? ` to ${to.text}` : "";
  button.textContent = `${dataset["verb"]} ${button.dataset["count"]}${end}`;
  button.classList.toggle("danger", value === "delete");
}

const find = (selector: string) => document.querySelector<HTMLElement>(selector);

const digits = (text = "") => text.replace(/\D/g, "");

const statusField = () => document.querySelector<HTMLSelectElement>("select[name=status_type]");

type Problem = readonly [field: string, text: string];

/** What the server would not notice, or would say for programs. */
function problemIn(form: HTMLFormElement, labels = ""): Problem | undefined {
  const number = form.querySelector<HTMLInputElement>("[data-confirmation]:not([disabled])");
  if (number && digits(number.value) !== digits(number.dataset["confirmation"]))
    return ["number", `Type ${number.dataset["confirmation"]} to confirm.`];
  const status = statusField();
  if (status?.disabled === false && !status.value) return ["status_type", "Choose a status."];
  const unsigned = labels.split(",").find((part) => part.trim() && !part.includes("="));
  if (unsigned) return ["labels", `“${unsigned.trim()}” has no value. Write key=value, or key= to remove a label.`];
  return undefined;
}

function begin(form: HTMLFormElement): void {
  const { reason, labels, ...values } = valuesOf(form);
  const problem = problemIn(form, labels);
  if (problem) {
    tell([problem]);
    return;
  }
  const body = {
    ...values,
    ...(reason && { reason }),
    ...(labels !== undefined && { labels: toLabels(labels) }),
  };
  // Joined as text: an id can exceed JavaScript's safe integers.
  const text = `${form.dataset["selection"]?.slice(0, -1)},${JSON.stringify(body).slice(1)}`;
  void post(OPERATIONS, text, form.querySelector("[type=submit]"));
}

/** What is filled in, of the chosen action. */
function valuesOf(form: HTMLFormElement): Record<string, string> {
  const fields = [...form.elements] as HTMLInputElement[];
  const sent = fields.filter(({ name, disabled, type, checked }) => name && !disabled && (type !== "radio" || checked));
  return Object.fromEntries(sent.map(({ name, value }) => [name, value]));
}

/** `team=fluid, owner=` adds one label and removes the other. */
function toLabels(text: string): Record<string, string | null> {
  const parts = text.split(",").filter((part) => part.trim() !== "");
  return Object.fromEntries(
    parts.map((part) => {
      const [key = "", ...value] = part.split("=");
      return [key.trim(), value.join("=").trim() || null];
    }),
  );
}

/** Goes to the page of the operation that the response describes. */
async function post(url: string, body: string, button: HTMLButtonElement | null): Promise<void> {
  if (button?.ariaBusy === "true") return;
  if (button) button.ariaBusy = "true";
  try {
    const { id } = await change({ method: "POST", url, jobIds: [url], ...(body && { body }) }, parseObject);
    location.assign(`${PAGES}${id}/`);
  } catch (error) {
    if (button) button.ariaBusy = "false";
    if (error instanceof ApiError && error.code === "reauthentication_required") return keepTyped();
    const problems = error instanceof ApiError ? error.errors.map(({ field, detail }): Problem => [field, detail]) : [];
    tell(problems.length > 0 ? problems : [["", errorMessage(error)]]);
  }
}

/** For when the user comes back from the page that asks who it is. */
function keepTyped(): void {
  const here = location.pathname + location.search;
  session.writeJson(TYPED, [here, fields().map(({ value, checked }) => [value, checked])]);
}

function restore(): void {
  const [page, typed] = (session.readJson(TYPED) ?? []) as [string?, [string, boolean][]?];
  if (page !== location.pathname + location.search) return;
  session.write(TYPED, null);
  for (const [index, field] of fields().entries()) [field.value = "", field.checked = false] = typed?.[index] ?? [];
  find("form[data-selection] [type=submit]")?.focus();
}

const fields = () => [
  ...document.querySelectorAll<HTMLInputElement>("form[data-selection] :is(input, select, textarea)"),
];

/** Says what is wrong beside each field, or else below all of them. The first wrong field has the focus. */
function tell(problems: readonly Problem[]): void {
  forget();
  for (const [name, text] of problems) {
    const place = find(`[data-problem="${name}"]`) ?? find('[data-problem=""]');
    if (!place) return;
    place.hidden = false;
    place.append(place.textContent ? ` ${text}` : text);
    find(`[aria-describedby~="${place.id}"]`)?.setAttribute("aria-invalid", "true");
  }
  find("[aria-invalid]")?.focus();
}

/** A field that is being corrected is not called wrong any more; without one, none of them is. */
function forget(field?: Element): void {
  const described = field?.getAttribute("aria-describedby");
  for (const place of document.querySelectorAll<HTMLElement>("[data-problem]")) {
    if (field && !described?.includes(place.id)) continue;
    place.hidden = true;
    place.textContent = "";
    find(`[aria-describedby~="${place.id}"]`)?.removeAttribute("aria-invalid");
  }
}
