/** What every page is made of: a head, panels, and honest words while loading, empty or failing. */

import { Problem } from "@/shared/api/http";
import { Button } from "./Button";
import css from "./Page.module.css";
import { words } from "./texts";

interface HeadProps {
  title: React.ReactNode;
  mark?: React.ReactNode;
  hint?: React.ReactNode;
  children?: React.ReactNode;
}

export function PageHead({ title, mark, hint, children }: HeadProps) {
  return (
    <header className={css["head"]}>
      {mark}
      <div className={css["title"]}>
        <h1>{title}</h1>
        {hint && <p className={css["hint"]}>{hint}</p>}
      </div>
      {children && <div className={css["actions"]}>{children}</div>}
    </header>
  );
}

/** What can be done with what the page shows, in one row. */
export const Doing = ({ children }: { children: React.ReactNode }) => <div className={css["doing"]}>{children}</div>;

interface PanelProps {
  title?: React.ReactNode;
  actions?: React.ReactNode;
  /** Takes the height that is left; its last child grows. */
  fill?: boolean;
  children: React.ReactNode;
}

export function Panel({ title, actions, fill = false, children }: PanelProps) {
  return (
    <section className={`${css["panel"]} ${fill ? css["fill"] : ""}`}>
      {(title || actions) && (
        <div className={css["panelHead"]}>
          {title && <h2>{title}</h2>}
          {actions}
        </div>
      )}
      {children}
    </section>
  );
}

export function Note({ children }: { children: React.ReactNode }) {
  return <p className={css["note"]}>{children}</p>;
}

/** The reason something could not be shown, with the next step. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const text = error instanceof Error ? error.message : String(error);
  const title = error instanceof Problem ? error.title : words().failed;
  return (
    <div className={css["failure"]} role="alert">
      <strong>{title}</strong>
      <span>{text}</span>
      {retry && <Button onClick={retry}>{words().again}</Button>}
    </div>
  );
}

interface LoadedProps<T> {
  query: { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown };
  children: (data: T) => React.ReactNode;
}

/** The data once it is there; an error only while there is nothing older to show. */
export function Loaded<T>({ query, children }: LoadedProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />;
  return <p className={css["note"]} role="status">{words().loading}</p>;
}
