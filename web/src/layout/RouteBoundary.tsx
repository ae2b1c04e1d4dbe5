import { CircleAlert } from "lucide-react";
import { Component, type ReactNode } from "react";
import { useText } from "@/i18n";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/State";

interface Props {
  /** A crash is forgotten when this changes. */
  path: string;
  children: ReactNode;
}

interface State {
  path: string;
  crashed: boolean;
}

/** Holds a view's crash within the view, so that the player and the navigation live on. */
export class RouteBoundary extends Component<Props, State> {
  override state: State = { path: this.props.path, crashed: false };

  static getDerivedStateFromError(): Partial<State> {
    return { crashed: true };
  }

  static getDerivedStateFromProps(props: Props, state: State): State | null {
    return props.path === state.path ? null : { path: props.path, crashed: false };
  }

  override render() {
    return this.state.crashed ? <Crash /> : this.props.children;
  }
}

function Crash() {
  const text = useText();
  return (
    <div role="alert">
      <h1 className="sr-only">{text("error.title")}</h1>
      <Empty
        icon={CircleAlert}
        title={text("error.title")}
        text={text("error.crash")}
        action={<Button onClick={() => location.reload()}>{text("browse.reload")}</Button>}
      />
    </div>
  );
}
