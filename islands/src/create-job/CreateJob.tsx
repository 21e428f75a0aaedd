import { type FormEvent, useEffect, useRef, useState } from "react";
import { isComposing } from "../composing";
import { useCreateJob } from "./useCreateJob";

const FIELD_ID = "create-job-name";
const ERROR_ID = "create-job-error";

/** A message about a created job goes away after this time, unless the user is pointing at it or focuses its link. */
const MESSAGE_MS = 10_000;

/** The create form. Keeps the name until the server has confirmed the job. */
export function CreateJob() {
  const [name, setName] = useState("");
  const { busy, create, error, created, isElsewhere, dismiss } = useCreateJob();
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const message = useRef<HTMLParagraphElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each job and each addition to its message starts anew
  useEffect(() => {
    if (!created) return undefined;
    const timer = setInterval(() => {
      if (!message.current?.matches(":hover, :focus-within")) dismiss();
    }, MESSAGE_MS);
    return () => clearInterval(timer);
  }, [created, isElsewhere]);

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
          dismiss();
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
      <p ref={message} className="created" role="status">
        {created && (
          <span key={created.id}>
            <span>Created</span>{" "}
            <a href={`/jobs/${created.id}/`} translate="no">
              {created.name}
            </a>
            {isElsewhere && <span className="elsewhere">. It isn’t on this page of the list.</span>}
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
