import { type RefObject, useLayoutEffect, useRef } from "react";
import { STATUS_TYPES, STATUSES } from "../api/statuses";
import type { StatusType } from "../api/types";
import { follow } from "./follow";

interface StatusListProps {
  id: string;
  label: string;
  active: StatusType;
  /** The status that the job has. */
  current: StatusType;
  control: RefObject<HTMLButtonElement | null>;
  onActive: (status: StatusType) => void;
  onChoose: (status: StatusType) => void;
  /** Must be stable. */
  onGiveUp: () => void;
}

/**
 * The statuses to choose from, in the top layer, so that neither table nor row clips them. The focus stays on the control.
 * A manual popover: an automatic one would close at the press of the control, whose click would then open it again.
 */
export function StatusList({ id, label, active, current, control, onActive, onChoose, onGiveUp }: StatusListProps) {
  const list = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    if (!list.current || !control.current) return;
    list.current.showPopover?.(); // without support it is placed above the page by its style
    return follow(list.current, control.current, onGiveUp);
  }, [control, onGiveUp]);

  useLayoutEffect(() => {
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: "nearest" });
  }, [id, active]);

  return (
    <div
      ref={list}
      id={id}
      className="status-list"
      popover="manual"
      role="listbox"
      aria-label={label}
      onMouseDown={(event) => event.preventDefault()} // keeps the focus on the control
    >
      {STATUS_TYPES.map((status) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the control has the focus and handles the keys
        <div
          key={status}
          id={`${id}-${status}`}
          role="option"
          tabIndex={-1}
          data-status={status}
          data-active={status === active ? "" : undefined}
          aria-selected={status === current}
          onPointerMove={() => onActive(status)}
          onClick={() => onChoose(status)}
        >
          <svg className="icon" aria-hidden="true">
            <use href={`#${STATUSES[status].icon}`} />
          </svg>
          <span>{STATUSES[status].label}</span>
          {/* The page writes the key here, if shortcuts work. */}
          <small aria-hidden="true">
            <kbd data-keys-of={`set-${status}`} />
          </small>
        </div>
      ))}
    </div>
  );
}
