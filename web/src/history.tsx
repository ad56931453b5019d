/* All jobs, the newest first: what waits, what runs, what came out. */
import * as api from "./api";
import {capital, since} from "./text";

const words: Record<api.State, string> = {
  queued: "waits", running: "runs", done: "done", failed: "failed", cancelled: "cancelled", interrupted: "interrupted",
};

export function Progress({job}: {job: api.Job}) {
  const at = job.progress;
  return (
    <span class="progress">
      <progress max={1} value={at?.fraction ?? 0} aria-label={`Progress of ${job.name}`} />
      <span class="soft">{at ? `${at.stage} ${Math.round(100 * at.fraction)} % · ${Math.round(at.seconds)} s` : "starts"}</span>
    </span>
  );
}

function summary(job: api.Job): string {
  if (job.verdict) return `${capital(job.verdict.type)}, ${job.verdict.n_atoms} atoms, Rw ${job.verdict.rw.toFixed(3)}`;
  if (job.state === "queued") return job.ahead ? `waits, ${job.ahead} ahead` : "waits, next";
  return job.error && job.state === "failed" ? job.error : words[job.state];
}

export function History({jobs, chosen, act}: {jobs: api.Job[] | null; chosen: number; act: (action: Promise<unknown>) => void}) {
  if (!jobs || jobs.length === 0) return null;
  return (
    <nav aria-label="Jobs">
      <h2>Jobs <small>{jobs.length}{jobs.length === 200 ? " newest" : ""}</small></h2>
      <ul class="jobs">
        {jobs.map(job => (
          <li key={job.id} class={`job ${job.state}`} aria-current={job.id === chosen ? "page" : undefined}>
            <a href={`#/job/${job.id}`}>
              <span class="name">{job.name}</span>
              {job.state === "running" ? <Progress job={job} /> : <span class="soft line">{summary(job)}</span>}
            </a>
            <span class="when soft">{job.state === "running" ? "" : since(job.created)}</span>
            {job.state === "queued" || job.state === "running"
              ? <button type="button" class="quiet" onClick={() => act(api.cancel(job.id))} aria-label={`Cancel ${job.name}`} title="Cancel">×</button>
              : <button type="button" class="quiet" aria-label={`Delete ${job.name} and its results`} title="Delete"
                  onClick={() => confirm(`Delete ${job.name} and its results?`) && act(api.forget(job.id))}>×</button>}
          </li>
        ))}
      </ul>
    </nav>
  );
}
