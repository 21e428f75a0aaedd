import { beforeAll, beforeEach, expect, test } from "vitest";
import { element } from "../testing/page";
import { wireColumns } from "./columns";

const NAMES = ["current_status", "name", "duration"];

const item = (
  name: string,
) => `<li data-column="${name}"><label><input type="checkbox" value="${name}" checked> ${name}</label>
  <button data-move="-1">↑</button><button data-move="1">↓</button></li>`;
const row = (tag: string) =>
  `<tr><${tag} class="select"></${tag}>${NAMES.map((name) => `<${tag} class="${name}"></${tag}>`).join("")}<${tag} class="actions"></${tag}></tr>`;

beforeAll(wireColumns);

beforeEach(() => {
  document.body.innerHTML = `<div id="view-menu"><fieldset class="columns"><ul>${NAMES.map(item).join("")}</ul></fieldset></div>
    <section id="job-table"><table class="jobs"><thead>${row("th")}</thead><tbody>${row("td")}${row("td")}</tbody></table></section>
    <div id="announcer"></div>`;
});

const cells = () =>
  [...document.querySelectorAll("tr")].map((each) =>
    [...each.children].map((cell) => `${(cell as HTMLElement).hidden ? "-" : ""}${cell.className}`).join(" "),
  );

test("a hidden column is hidden in heads and rows, and stored for the server", () => {
  element("[data-column=duration] input").click();
  expect(new Set(cells())).toEqual(new Set(["select current_status name -duration actions"]));
  expect(document.cookie).toContain("columns=current_status.name.-duration");
  element("[data-column=duration] input").click();
  expect(new Set(cells())).toEqual(new Set(["select current_status name duration actions"]));
});

test("a moved column moves in heads and rows, and its button keeps the focus", () => {
  const button = element("[data-column=duration] [data-move='-1']");
  button.click();
  button.click();
  expect(new Set(cells())).toEqual(new Set(["select duration current_status name actions"]));
  expect(document.cookie).toContain("columns=duration.current_status.name");
  expect(document.activeElement).toBe(button);
  expect(button.getAttribute("aria-disabled")).toBe("true");
  button.click();
  expect(new Set(cells())).toEqual(new Set(["select duration current_status name actions"]));
});
