import { useQuery } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import { Link, Navigate, Route, Routes } from "react-router";
import { ApiError } from "@/api/client";
import { useMe } from "@/api/session";
import { buttonClass } from "@/ui/Button";
import { Empty, Failed, Loading } from "@/ui/State";
import { RestrictedNotice } from "../account/security/RestrictedNotice";
import { AdminShell } from "./AdminShell";
import { Dashboard } from "./dashboard/Dashboard";
import { FormPage } from "./form/FormPage";
import { HistoryPage } from "./form/HistoryPage";
import { Jobs } from "./Jobs";
import { ListPage } from "./list/ListPage";
import { siteQuery } from "./queries";
import { ServerLog } from "./ServerLog";
import { useAdminText } from "./texts";
import { Upload } from "./upload/Upload";

/** The admin panel: a generic list and a generic form over what the server declares. */
export default function Admin() {
  const text = useAdminText();
  const me = useMe();
  const site = useQuery({ ...siteQuery, enabled: Boolean(me) });
  if (me === null) return <Navigate to={`/sign-in?next=${encodeURIComponent(location.pathname)}`} replace />;
  if (site.error instanceof ApiError && site.error.kind === "forbidden") {
    return (
      <main className="grid h-full place-items-center">
        <h1 className="sr-only">{text("admin.title")}</h1>
        {me?.restricted ? (
          <div className="flex max-w-2xl flex-col items-center px-4">
            <RestrictedNotice me={me} />
            <Link to="/" className={buttonClass("ghost")}>
              {text("admin.toPlayer")}
            </Link>
          </div>
        ) : (
          <Empty
            icon={Lock}
            title={text("admin.forbidden")}
            text={text("admin.forbidden.text")}
            action={
              <Link to="/" className={buttonClass("primary")}>
                {text("admin.toPlayer")}
              </Link>
            }
          />
        )}
      </main>
    );
  }
  if (site.error) {
    return (
      <main className="grid h-full place-items-center">
        <h1 className="sr-only">{text("admin.title")}</h1>
        <Failed error={site.error} onRetry={() => void site.refetch()} />
      </main>
    );
  }
  if (!site.data) return <Loading className="h-full bg-ground" />;
  return (
    <AdminShell site={site.data}>
      <Routes>
        <Route index element={<Dashboard />} />
        {site.data.can.upload && <Route path="upload" element={<Upload />} />}
        <Route path="jobs" element={<Jobs mayChange={site.data.me.role === "admin"} />} />
        {site.data.can.serverLog && <Route path="server-log" element={<ServerLog />} />}
        {site.data.models.map((model) => (
          <Route key={model.name} path={model.name}>
            <Route index element={<ListPage key={model.name} model={model} />} />
            {model.can.add && <Route path="add" element={<FormPage model={model} models={site.data.models} />} />}
            <Route path=":id" element={<FormPage model={model} models={site.data.models} />} />
            <Route path=":id/history" element={<HistoryPage model={model} />} />
          </Route>
        ))}
        <Route path="*" element={<Navigate to="/admin/" replace />} />
      </Routes>
    </AdminShell>
  );
}
