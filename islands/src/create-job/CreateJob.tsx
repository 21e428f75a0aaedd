import { type FormEvent, useEffect, useRef, useState } from "react";
import { isComposing } from "../composing";
import { useCreateJob } from "./useCreateJob";

const FIELD_ID = "create-job-name";
const ERROR_ID = "create-job-error";

/** A message about a created job goes away after this time, unless the user is pointing at it or focuses its link. */
const MESSAGE_MS = 10_000;

/**
 * The create form. Keeps the name until the server has confirmed the job, selected, so that the next name replaces it
 * while the user waits. Enter for the next name takes effect when the first one has been answered.
 */
export function CreateJob() {
  const [name, setName] = useState("");
  const { busy, create, error, failedName, created, isElsewhere, dismiss } = useCreateJob();
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

  const sent = useRef<string>(undefined);
  const submitsNext = useRef(false);

  function submit(event: FormEvent) {
    event.preventDefault();
    // A second click, or Enter, without a new name creates no second job.
    if (sent.current === undefined) void send(name);
    else if (name !== sent.current) submitsNext.current = true;
  }

  async function send(submitted: string): Promise<void> {
    sent.current = submitted;
    field.current?.select();
    const job = await create(submitted);
    sent.current = undefined;
    const typed = field.current?.value ?? "";
    const isNext = submitsNext.current && typed !== submitted;
    submitsNext.current = false;
    if (job && typed === submitted) setName("");
    if (hasFocus(form.current)) field.current?.focus();
    // A failure is read first: its message would disappear.
    if (job && isNext) await send(typed);
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
        aria-invalid={error !== undefined}
        aria-describedby={error === undefined ? undefined : ERROR_ID}
        onKeyDown={(event) => {
          if (event.key === "Enter" && isComposing(event.nativeEvent)) event.preventDefault();
        }}
        onChange={(event) => {
          setName(event.target.value);
          if (!busy) dismiss();
        }}
      />
      <button type="submit" className="button primary" aria-disabled={busy} aria-busy={busy}>
        Create job
      </button>
      {error !== undefined && (
        <p id={ERROR_ID} className="field-error" role="alert">
          {failedName !== undefined && failedName !== name.trim() && (
            <>
              Couldn’t create “<bdi translate="no">{failedName}</bdi>”:{" "}
            </>
          )}
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
