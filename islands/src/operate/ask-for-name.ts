/** A dialog that asks for a name, for a job or a view. */
import { nameError } from "../api/names";
import { isComposing } from "../composing";
import { h } from "../dom";
import { openModal } from "../modal";
import { setBusy, setError } from "../page/confirm-dialog";
import { showToast } from "./toast";

const FIELD_ID = "asked-name";
const ERROR_ID = "asked-error";
const TITLE_ID = "asked-title";

interface Question {
  title: string;
  name?: string;
  /** Around the field. */
  before?: HTMLElement[];
  after?: HTMLElement[];
  maxLength?: number;
  /** Throws what went wrong. The dialog then stays, with the reason. */
  save: (name: string) => Promise<void>;
  reasonOf: (error: unknown) => string;
  /** Moves the focus, which has gone back to where it was. */
  focusAfter?: () => void;
}

export function askForName({
  title,
  name = "",
  before = [],
  after = [],
  maxLength,
  save,
  reasonOf,
  focusAfter,
}: Question): void {
  const field = h("input", {
    id: FIELD_ID,
    class: "input",
    autocomplete: "off",
    "aria-describedby": ERROR_ID,
    translate: "no",
    dir: "auto",
  });
  field.value = name;
  const cancel = h("button", { type: "button", class: "button" }, "Cancel");
  const submit = h("button", { type: "submit", class: "button primary", "data-confirm": true }, "Save");
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": TITLE_ID },
    h(
      "form",
      { method: "dialog", novalidate: true },
      h("h2", { id: TITLE_ID }, title),
      ...before,
      h("label", { for: FIELD_ID }, "Name"),
      field,
      h("p", { id: ERROR_ID, class: "field-error", role: "alert", hidden: true }),
      ...after,
      h("menu", {}, h("li", {}, cancel), h("li", {}, submit)),
    ),
  );
  const fail = (text: string) => {
    if (!dialog.open) {
      showToast({ text: `Couldn’t save “${field.value}”. ${text}`, sticky: true });
      return;
    }
    field.setAttribute("aria-invalid", "true");
    setError(dialog, text);
    field.focus();
  };
  cancel.addEventListener("click", () => dialog.close());
  field.addEventListener("input", () => {
    field.removeAttribute("aria-invalid");
    setError(dialog, "");
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && isComposing(event)) event.preventDefault();
  });
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    if (dialog.ariaBusy === "true") return;
    const text = field.value.trim();
    const invalid = nameError(text, maxLength);
    if (invalid !== undefined) {
      fail(invalid);
      return;
    }
    setBusy(dialog, true);
    save(text)
      .then(
        () => dialog.close(),
        (error: unknown) => fail(reasonOf(error)),
      )
      .finally(() => setBusy(dialog, false));
  });
  if (focusAfter) dialog.addEventListener("close", focusAfter);
  openModal(dialog);
  field.focus();
  field.select();
}
