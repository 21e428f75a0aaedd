/** Key presses as text: `j`, `Shift+d`, `?`, `Mod+k`, `ArrowDown`. `Mod` is ⌘ on a Mac and Ctrl elsewhere. */
const NAMES: Record<string, string> = { " ": "Space" };
const SIGNS: Record<string, string> = {
  ArrowDown: "↓",
  ArrowUp: "↑",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
};
const BARE_MODIFIERS = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "Dead", "Process"]);

const isMac = /mac|iphone|ipad/i.test(navigator.platform);

/** What a US keyboard types without and with Shift, by the position of the key. */
const SIGN_KEYS: Record<string, readonly [plain: string, shifted: string]> = {
  Backquote: ["`", "~"],
  Minus: ["-", "_"],
  Equal: ["=", "+"],
  BracketLeft: ["[", "{"],
  BracketRight: ["]", "}"],
  Backslash: ["\\", "|"],
  Semicolon: [";", ":"],
  Quote: ["'", '"'],
  Comma: [",", "<"],
  Period: [".", ">"],
  Slash: ["/", "?"],
};
const SHIFTED_DIGITS = ")!@#$%^&*(";

/** Undefined for a modifier alone. */
export function strokeOf(event: KeyboardEvent): string | undefined {
  if (BARE_MODIFIERS.has(event.key)) return undefined;
  const key = keyName(event);
  // Some layouts need Shift or AltGr for a symbol and others do not, so only the symbol counts.
  const typedSign = key.length === 1 && !isLetter(key);
  const altGr = event.getModifierState("AltGraph");
  const modifiers = [
    (isMac ? event.metaKey : event.ctrlKey && !altGr) && "Mod",
    (isMac ? event.ctrlKey : event.metaKey) && "Other",
    event.altKey && !altGr && "Alt",
    event.shiftKey && !typedSign && "Shift",
  ];
  return [...modifiers.filter(Boolean), key].join("+");
}

/**
 * The key press as text, and the one that the same key is on a US keyboard, if this layout has no Latin letter or digit
 * there: `[` is where Russian has a letter and German an umlaut, and `/` where Russian has a dot.
 */
export function strokesOf(event: KeyboardEvent): string[] {
  const byPosition = positionStrokeOf(event);
  return [strokeOf(event), byPosition].filter(
    (stroke, at, all) => stroke !== undefined && all.indexOf(stroke) === at,
  ) as string[];
}

/** A sign of the layout never becomes a letter: AZERTY has a comma where US keyboards have M. */
function positionStrokeOf({ key, code, shiftKey, ctrlKey, altKey, metaKey }: KeyboardEvent): string | undefined {
  if (ctrlKey || altKey || metaKey || (key.length > 1 && key !== "Dead") || /^[a-z0-9]$/i.test(key)) return undefined;
  const sign = SIGN_KEYS[code]?.[shiftKey ? 1 : 0];
  if (sign !== undefined) return sign;
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  if (digit !== undefined) return shiftKey ? SHIFTED_DIGITS[Number(digit)] : digit;
  return undefined;
}

/** Ignores Caps Lock. On layouts with another alphabet, the physical key decides. */
function keyName({ key, code }: KeyboardEvent): string {
  const name = NAMES[key] ?? key;
  if (name.length > 1) return name;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  return (name > "\u007f" && letter ? letter : name).toLowerCase();
}

function isLetter(key: string): boolean {
  return key.toLowerCase() !== key.toUpperCase();
}

/** Whether the keys write text, so that typing or dictation can trigger them by accident (WCAG 2.1.4). */
export function isCharacter(keys: string): boolean {
  return keys.split(" ").some((stroke) => /^(Shift\+)?(.|Space)$/u.test(stroke));
}

/** The keys for display: `⌘ K` on a Mac, `Ctrl K` elsewhere, `g a`. */
export function keysText(keys: string, mac = isMac): string {
  return keys
    .split(" ")
    .map((stroke) =>
      stroke
        .split(/\+(?=.)/)
        .map((part) => (part === "Mod" ? (mac ? "⌘" : "Ctrl") : part === "Shift" ? "⇧" : (SIGNS[part] ?? part)))
        .map((part, index, parts) => (index > 0 && parts.length > 1 ? part.toUpperCase() : part))
        .join(" "),
    )
    .join(" ");
}

/** The keys for `aria-keyshortcuts` and screen readers: `Shift+D`, `Control+K`, `g then a`. */
export function spokenKeys(keys: string): string {
  return keys
    .split(" ")
    .map((stroke) => stroke.replace("Mod", isMac ? "Command" : "Control"))
    .join(" then ");
}
