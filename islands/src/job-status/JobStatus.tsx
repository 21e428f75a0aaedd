import { type MouseEvent, useRef } from "react";
import { isolate } from "../api/names";
import { STATUSES } from "../api/statuses";
import type { Job, Snapshot, StatusType } from "../api/types";
import { StatusError } from "./StatusError";
import { StatusList } from "./StatusList";
import { useList } from "./useList";
import { useStatus } from "./useStatus";

export interface JobStatusProps {
  id: string;
  name: string;
  server: Snapshot;
  /** Deleted by another client: the control is disabled. */
  deleted?: boolean;
  /** The user may not change jobs: there is no control. */
  readOnly?: boolean;
  onConfirmed: (job: Job) => void;
}

/**
 * A job's status as a combobox: a button, and while it is open a list of the statuses. It stays enabled and focused while
 * busy; a choice made then is sent next.
 */
export function JobStatus({ id, name, server, deleted = false, readOnly = false, onConfirmed }: JobStatusProps) {
  const { shown, busy, failure, choose } = useStatus(id, name, server, onConfirmed);
  const control = useRef<HTMLButtonElement>(null);
  const { active, setActive, giveUp, commit, onKeyDown, onKeyUp } = useList(shown, choose);
  const isOpen = active !== undefined && !deleted;
  const label = `Status of ${isolate(name)}`;
  const listId = `status-list-${id}`;

  /** The second click of a double click does not close what the first one opened. */
  function onClick({ detail }: MouseEvent): void {
    control.current?.focus(); // Safari does not focus a button that is clicked
    if (!isOpen) setActive(shown);
    else if (detail < 2) giveUp();
  }

  function onChoose(status: StatusType): void {
    control.current?.focus();
    commit(status);
  }

  const face = (
    <>
      <svg className="icon" aria-hidden="true">
        <use href={`#${STATUSES[shown].icon}`} />
      </svg>
      <span>{STATUSES[shown].label}</span>
    </>
  );
  if (readOnly) {
    return (
      <span className="status" data-status={shown}>
        {face}
      </span>
    );
  }

  return (
    <>
      <button
        ref={control}
        type="button"
        className="status"
        data-status={shown}
        data-busy={busy ? "" : undefined}
        role="combobox"
        aria-label={label}
        aria-haspopup="listbox"
        aria-expanded={isOpen}
        aria-controls={isOpen ? listId : undefined}
        aria-activedescendant={isOpen ? `${listId}-${active}` : undefined}
        aria-busy={busy}
        disabled={deleted}
        onClick={onClick}
        onKeyDown={onKeyDown}
        onKeyUp={onKeyUp}
        onBlur={giveUp}
      >
        {face}
      </button>
      {isOpen && (
        <StatusList
          id={listId}
          label={label}
          active={active}
          current={shown}
          control={control}
          onActive={setActive}
          onChoose={onChoose}
          onGiveUp={giveUp}
        />
      )}
      {failure && (
        <StatusError
          failure={failure}
          onRetry={(status) => {
            control.current?.focus();
            void choose(status);
          }}
        />
      )}
    </>
  );
}
