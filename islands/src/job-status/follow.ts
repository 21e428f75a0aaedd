/** Keeps a list that is fixed to the window beside its control. */
const GAP = 4;

/**
 * Looks in each frame where the control is: it moves when the page scrolls, is resized, or receives rows above it. Calls
 * `onLost` when it is out of sight or the user presses elsewhere. Returns a function that ends all of this.
 */
export function follow(list: HTMLElement, control: HTMLElement, onLost: () => void): () => void {
  const ended = new AbortController();
  let frame = 0;
  let last = "";

  function step(): void {
    const { left, top, bottom } = control.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    // A browser without `moveBefore` closes a popover when its row moves, and fires no event.
    if (!isInWindow(control) || list.checkVisibility?.() === false) {
      onLost();
      return;
    }
    const position = [left, top, bottom, clientWidth, clientHeight].join();
    if (position !== last) place(list, { left, top, bottom }, { clientWidth, clientHeight });
    last = position;
    frame = requestAnimationFrame(step);
  }

  /** Touching a part of the page that is no control does not take the focus on every device. */
  function onPointerDown({ target }: PointerEvent): void {
    if (!(target instanceof Node) || !(control.contains(target) || list.contains(target))) onLost();
  }

  // The control may have been scrolled away while it had the focus.
  if (!isInWindow(control)) control.scrollIntoView({ block: "nearest" });
  step();
  document.addEventListener("pointerdown", onPointerDown, { capture: true, signal: ended.signal });
  return () => {
    cancelAnimationFrame(frame);
    ended.abort();
  };
}

/** What the sticky tools and head of the table hide, which is what `scroll-padding-top` keeps free, is out of sight. */
function isInWindow(control: HTMLElement): boolean {
  const { top, bottom } = control.getBoundingClientRect();
  const hidden = Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
  return bottom >= hidden && top <= document.documentElement.clientHeight;
}

type Box = Pick<DOMRect, "left" | "top" | "bottom">;
type Size = Pick<Element, "clientWidth" | "clientHeight">;

/** Below the control if there is enough room, or at least more than above it; it scrolls if neither is enough. */
function place(list: HTMLElement, { left, top, bottom }: Box, { clientWidth, clientHeight }: Size): void {
  const borders = list.offsetHeight - list.clientHeight;
  const needed = list.scrollHeight + borders;
  const above = top - 2 * GAP;
  const below = clientHeight - bottom - 2 * GAP;
  const opensUp = needed > below && above > below;
  list.style.maxHeight = `${Math.max(opensUp ? above : below, 0)}px`;
  list.style.top = opensUp ? "auto" : `${bottom + GAP}px`;
  list.style.bottom = opensUp ? `${clientHeight - top + GAP}px` : "auto";
  list.style.left = `${Math.max(Math.min(left, clientWidth - list.offsetWidth - GAP), GAP)}px`;
}
