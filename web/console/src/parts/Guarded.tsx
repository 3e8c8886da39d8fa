import { App, Button, Tooltip, type ButtonProps } from "antd";

import type { Gate } from "../api/types";
import { useWords } from "../words/words";

/** A button that the server may hold shut; it then says why, on hover, on focus and on tap. */
export function Guarded({ gate, onClick, children, ...rest }: ButtonProps & { gate: Gate }) {
  const { message } = App.useApp();
  const { t } = useWords();
  if (gate.ok) {
    return (
      <Button onClick={onClick} {...rest}>
        {children}
      </Button>
    );
  }
  const why = gate.why ?? t("gate.closed");
  return (
    <Tooltip title={why}>
      <Button
        {...rest}
        htmlType="button"
        aria-disabled
        className={`${rest.className ?? ""} is-off`}
        onClick={() => void message.info(why)}
      >
        {children}
      </Button>
    </Tooltip>
  );
}
