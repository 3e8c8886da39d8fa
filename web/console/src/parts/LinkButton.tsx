import { Button, type ButtonProps } from "antd";
import { useNavigate } from "react-router";

/** A link to another page that looks like a button. */
export function LinkButton({ to, ...rest }: ButtonProps & { to: string }) {
  const go = useNavigate();
  return (
    <Button
      {...rest}
      href={to}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        void go(to);
      }}
    />
  );
}
