import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { setNonce } from "get-nonce";
import { startTransition, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { App, loadView } from "./App";
import { ApiError } from "./api/client";
import { startLanguage } from "./i18n";
import "./styles.css";
import { startTheme } from "./ui/theme";

// The one style element that a dialog adds needs the policy's leave.
setNonce(document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "");

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // What the server refused it will refuse again.
      retry: (count, error) => count < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
    },
  },
});

function render(): void {
  const root = document.getElementById("root");
  if (!root) throw new Error("the page has no #root");
  // As a transition it is made in slices, between which the browser stays responsive.
  startTransition(() =>
    createRoot(root).render(
      <StrictMode>
        <QueryClientProvider client={client}>
          <BrowserRouter>
            <App />
          </BrowserRouter>
        </QueryClientProvider>
      </StrictMode>,
    ),
  );
}

startTheme();
// Without the language of choice the app still speaks English, and a view that
// does not load says so in its place.
void Promise.allSettled([startLanguage(), loadView(location.pathname)]).then(render);
