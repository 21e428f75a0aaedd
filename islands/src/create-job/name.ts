const MAX_LENGTH = 255;

/** What is wrong with a trimmed name, as a sentence; undefined when nothing is. Counts code points, as the server does. */
export function nameError(name: string): string | undefined {
  if (name === "") return "Enter a name.";
  const length = [...name].length;
  return length > MAX_LENGTH ? `Use at most ${MAX_LENGTH} characters; this has ${length}.` : undefined;
}
