/** A button big enough for a finger. */

import css from "./Button.module.css";

interface Props extends React.ButtonHTMLAttributes<HTMLButtonElement> {
  look?: "plain" | "main" | "quiet";
}

export function Button({ look = "plain", className = "", type = "button", ...rest }: Props) {
  return <button type={type} className={`${css["button"]} ${css[look]} ${className}`} {...rest} />;
}
