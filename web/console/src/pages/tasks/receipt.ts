import type { Kind, Task } from "../../api/types";

/** Done by one tap: something to be acknowledged, with nothing that must be filled in, proven or completed. */
export function isReceipt({ case: about, duty }: Task, kind: Kind | undefined): boolean {
  const form = duty.form_key ? kind?.forms[duty.form_key] : undefined;
  const asks = (form?.required?.length ?? 0) > 0 || duty.prove.length > 0 || (about.incomplete?.length ?? 0) > 0;
  return duty.deed === "acknowledge" && duty.outcomes.length <= 1 && !asks;
}
