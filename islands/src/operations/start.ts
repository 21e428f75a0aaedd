/** The form that begins an operation, and the buttons that cancel, undo or retry one. */
import { change } from "../api/client";
import { errorMessage } from "../api/errors";
import { fieldMessages } from "../api/field-errors";
import { parseObject } from "../api/parse";

const PAGES = "/operations/";
const OPERATIONS = "/api/operations/";

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

const digits = (text = "") => text.replace(/\D/g, "");

const statusField = () => document.querySelector<HTMLSelectElement>("select[name=status_type]");

function begin(form: HTMLFormElement): void {
  const number = form.querySelector<HTMLInputElement>("[data-confirmation]:not([disabled])");
  if (number && digits(number.value) !== digits(number.dataset["confirmation"])) {
    tell(`Type ${number.dataset["confirmation"]} to confirm.`);
    number.focus();
    return;
  }
  const status = statusField();
  if (status?.disabled === false && !status.value) {
    tell("Choose a status.");
    status.focus();
    return;
  }
  const { reason, labels, ...values } = valuesOf(form);
  const body = {
    ...JSON.parse(form.dataset["selection"] ?? "{}"),
    ...values,
    ...(reason && { reason }),
    ...(labels !== undefined && { labels: toLabels(labels) }),
  };
  void post(OPERATIONS, JSON.stringify(body), form.querySelector("[type=submit]"));
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
    tell(fieldMessages(error) ?? errorMessage(error));
    if (button) button.ariaBusy = "false";
  }
}

function tell(text: string): void {
  const problem = document.querySelector<HTMLElement>("[data-problem]");
  if (!problem) return;
  problem.hidden = false;
  problem.textContent = text;
}
