import { type FormEvent, useRef, useState } from "react";
import { isComposing } from "../composing";
import { useCreateJob } from "./useCreateJob";

const FIELD_ID = "create-job-name";
const ERROR_ID = "create-job-error";

/** The create form. Keeps the name until the server has confirmed the job. */
export function CreateJob() {
  const [name, setName] = useState("");
  const { busy, create, error, created, clearError } = useCreateJob();
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLInputElement>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const job = await create(name);
    if (job) setName("");
    if (hasFocus(form.current)) field.current?.focus();
  }

  return (
    <form ref={form} className="create" noValidate aria-busy={busy} onSubmit={submit}>
      <label className="visually-hidden" htmlFor={FIELD_ID}>
        New job name
      </label>
      <input
        ref={field}
        id={FIELD_ID}
        className="input"
        name="name"
        placeholder="New job name"
        autoComplete="off"
        value={name}
        readOnly={busy}
        aria-invalid={error !== undefined}
        aria-describedby={error === undefined ? undefined : ERROR_ID}
        onKeyDown={(event) => {
          if (event.key === "Enter" && isComposing(event.nativeEvent)) event.preventDefault();
        }}
        onChange={(event) => {
          setName(event.target.value);
          clearError();
        }}
      />
      <button type="submit" className="button primary" aria-disabled={busy} aria-busy={busy}>
        Create job
      </button>
      {error !== undefined && (
        <p id={ERROR_ID} className="field-error" role="alert">
          {error}
        </p>
      )}
      <p className="created" role="status">
        {created && (
          <span key={created.id}>
            <span>Created</span>{" "}
            <a href={`/jobs/${created.id}/`} translate="no">
              {created.name}
            </a>
          </span>
        )}
      </p>
    </form>
  );
}

/** True unless the user moved the focus elsewhere during the request. */
function hasFocus(form: HTMLFormElement | null): boolean {
  const active = document.activeElement;
  return active === null || active === document.body || form?.contains(active) === true;
}
