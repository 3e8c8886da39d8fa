import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";

import type { Reason, Schema } from "../src/api/types";
import { useFilling } from "../src/form/draft";
import { useStanding } from "../src/form/standing";

const FORM: Schema = {
  type: "object",
  properties: { measure: { type: "string" }, root_cause: { type: "string" } },
  "x-proofs": { photo_after: { "x-widget": "photos" }, signature: { "x-widget": "signature" } },
};
const reason = (field: string): Reason => ({ code: "required", field, text: field, params: {} });
const SAID = ["/measure", "/root_cause", "/proofs/photo_after", "/proofs/signature"].map(reason);
const PIECE = { key: "1", name: "after.jpg", thumb: null, share: 1, use: { slot: "photo_after", sha256: "a".repeat(64) }, error: null };

function standing() {
  const { result, rerender } = renderHook(
    ({ said }: { said: Reason[] }) => {
      const filling = useFilling(FORM, null);
      return { filling, left: useStanding(said, FORM, filling).map((one) => one.field) };
    },
    { initialProps: { said: SAID } },
  );
  return { result, rerender };
}

afterEach(cleanup);

describe("what the server said of a form", () => {
  it("stands until its field is changed", () => {
    const { result } = standing();
    expect(result.current.left).toEqual(SAID.map((one) => one.field));
    act(() => result.current.filling.set("measure", "更换接地线"));
    expect(result.current.left).toEqual(["/root_cause", "/proofs/photo_after", "/proofs/signature"]);
  });

  it("falls silent about a slot that a photo was put into, and about a signature that was drawn", () => {
    const { result } = standing();
    act(() => result.current.filling.setProofs((before) => ({ ...before, pieces: { photo_after: [PIECE] } })));
    expect(result.current.left).toEqual(["/measure", "/root_cause", "/proofs/signature"]);
    act(() => result.current.filling.setProofs((before) => ({ ...before, drawing: { width: 10, height: 10, strokes: [] } })));
    expect(result.current.left).toEqual(["/measure", "/root_cause"]);
  });

  it("speaks again when the server says it again", () => {
    const { result, rerender } = standing();
    act(() => result.current.filling.set("measure", "换"));
    rerender({ said: [reason("/measure")] });
    expect(result.current.left).toEqual(["/measure"]);
  });
});
