/** A link to a place in the plant, by its path. */

import { Link } from "@tanstack/react-router";

interface Props {
  path: string;
  className?: string | undefined;
  title?: string | undefined;
  "data-quality"?: string;
  children: React.ReactNode;
}

export const PlantLink = ({ path, children, ...rest }: Props) => (
  <Link to="/plant/$" params={{ _splat: path }} {...rest}>{children}</Link>
);
