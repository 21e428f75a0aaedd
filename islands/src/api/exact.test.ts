import { expect, test } from "vitest";
import { nth, stubServer } from "../testing/server";
import { bulkSetStatus } from "./bulk";
import { getJob } from "./client";
import { idText, isId, parseExactly } from "./exact";

test.each([
  ['{"id":9007199254740993}', { id: "9007199254740993" }],
  ['{"id":9223372036854775807,"a":[1,-2.5e3,true,null]}', { id: "9223372036854775807", a: [1, -2500, true, null] }],
  ['{"id":12}', { id: 12 }],
  [String.raw`{"name":"\"id\":9007199254740993 \\","n":1}`, { name: '"id":9007199254740993 \\', n: 1 }],
  ['"9007199254740993"', "9007199254740993"],
  ["[0.1250000000000000000,1e2]", [0.125, 100]],
])("%s is parsed without loss", (text, value) => {
  expect(parseExactly(text)).toEqual(value);
});

test.each(["", "{", '{"id":}', '"9007199254740993'])("%j is not JSON", (text) => {
  expect(() => parseExactly(text)).toThrow(SyntaxError);
});

test.each([12, "12", "9223372036854775807"])("%j is an id", (id) => expect(idText(id)).toBe(String(id)));
test.each([0, -1, 1.5, 2 ** 53, "0", "01", "1 2", "x", null, "99999999999999999999"])("%j is not an id", (id) =>
  expect(idText(id)).toBeUndefined(),
);
test("in a page only text is an id", () => expect([isId(12), isId("12")]).toEqual([false, true]));

test("ids in responses and requests are exact", async () => {
  const calls = stubServer();
  const job = getJob("9007199254740993");
  nth(calls, 0).answer(new Response('{"id":9007199254740993,"current_status":"PENDING"}'));
  expect((await job).id).toBe("9007199254740993");
  void bulkSetStatus(["9007199254740993", "9007199254740995"], "FAILED");
  expect(nth(calls, 1).text).toBe(
    '{"jobs":[{"id":9007199254740993,"status_type":"FAILED"},{"id":9007199254740995,"status_type":"FAILED"}]}',
  );
});
