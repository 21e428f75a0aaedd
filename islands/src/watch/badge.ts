/** `(2) Jobs`: how many results nobody has looked at yet, in the tab's title, whatever else changes the title. */
const BADGE = /^\(\d+\) /;

let count = 0;
let observer: MutationObserver | undefined;

export function showBadge(number: number): void {
  if (number === count) return;
  count = number;
  const title = document.querySelector("title");
  if (!observer && title) {
    observer = new MutationObserver(write);
    observer.observe(title, { childList: true, characterData: true, subtree: true });
  }
  write();
}

function write(): void {
  const title = (count ? `(${count}) ` : "") + document.title.replace(BADGE, "");
  if (title !== document.title) document.title = title;
}
