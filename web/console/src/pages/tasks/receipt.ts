import type { Kind, Task } from "../../api/types";

/**
 * Done by one tap: something to be acknowledged, with nothing that must be filled in or proven. What leads back to
 * intake asks for the report itself to be completed first, so it is opened instead.
 */
export function isReceipt({ duty }: Task, kind: Kind | undefined): boolean {
  const form = duty.form_key ? kind?.forms[duty.form_key] : undefined;
  const then = kind?.stages.find((stage) => stage.key === duty.stage)?.then ?? {};
  const asks = (form?.required?.length ?? 0) > 0 || duty.prove.length > 0 || then.done === "intake";
  return duty.deed === "acknowledge" && duty.outcomes.length <= 1 && !asks;
}
