import { type KeyboardEvent, useCallback, useRef, useState } from "react";
import { STATUS_TYPES } from "../api/statuses";
import type { StatusType } from "../api/types";
import { isComposing } from "../composing";
import { TypeAhead } from "./type-ahead";

const OPENS = new Set(["Enter", " ", "ArrowDown", "ArrowUp"]);
/** Steps from the active status; the list ends at its first and last one. */
const MOVES = new Map([
  ["ArrowDown", 1],
  ["ArrowUp", -1],
  ["Home", -STATUS_TYPES.length],
  ["End", STATUS_TYPES.length],
  ["PageUp", -STATUS_TYPES.length],
  ["PageDown", STATUS_TYPES.length],
]);

/**
 * A list that is closed, or open with an active status; the focus stays on its control. Nothing is chosen before Enter,
 * Space or a click. Keys that the list takes are prevented, so that no shortcut of the page runs.
 */
export function useList(shown: StatusType, choose: (status: StatusType) => void) {
  const [active, setActive] = useState<StatusType>();
  const typeAhead = useRef<TypeAhead>(undefined);

  const giveUp = useCallback(() => {
    typeAhead.current = undefined;
    setActive(undefined);
  }, []);

  /** Sending the status that the job has would append it to the history again. */
  function commit(status: StatusType): void {
    giveUp();
    if (status !== shown) choose(status);
  }

  function find(event: KeyboardEvent, from: StatusType): StatusType | undefined {
    typeAhead.current ??= new TypeAhead();
    return typeAhead.current.find(event, from);
  }

  /** Returns whether the key was taken. A closed list takes only the letters that find a status. */
  function onClosedKey(event: KeyboardEvent): boolean {
    const { key, repeat } = event;
    if (event.ctrlKey || event.metaKey || event.shiftKey || (event.altKey && !key.startsWith("Arrow"))) return false;
    if (OPENS.has(key)) {
      if (!repeat) setActive(shown);
      return true;
    }
    const found = key.length === 1 && !repeat ? find(event, shown) : undefined;
    if (found) setActive(found);
    return found !== undefined;
  }

  /** Returns whether the key was taken. An open list takes all keys that write, whether they find a status or not. */
  function onOpenKey(event: KeyboardEvent, from: StatusType): boolean {
    const { key, repeat } = event;
    if (event.ctrlKey || event.metaKey) return false;
    const step = MOVES.get(key);
    if (key === "Tab") {
      giveUp();
      return false;
    }
    if (key === "Escape") giveUp();
    else if (step !== undefined) setActive(moved(from, step));
    else if (key === "Enter" || key === " ") {
      if (!repeat) commit(from);
    } else if (key.length === 1) {
      if (!repeat) setActive(find(event, from) ?? from);
    } else return false;
    return true;
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || isComposing(event.nativeEvent)) return;
    const isTaken = active === undefined ? onClosedKey(event) : onOpenKey(event, active);
    if (isTaken) event.preventDefault();
  }

  /** Firefox clicks a button when Space is released, even if pressing it was prevented. */
  function onKeyUp(event: KeyboardEvent): void {
    if (event.key === " ") event.preventDefault();
  }

  return { active, setActive, giveUp, commit, onKeyDown, onKeyUp };
}

function moved(from: StatusType, step: number): StatusType {
  const index = STATUS_TYPES.indexOf(from) + step;
  return STATUS_TYPES[Math.min(Math.max(index, 0), STATUS_TYPES.length - 1)] ?? from;
}
