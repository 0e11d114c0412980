import type { DashboardView } from '../build-view';
import type { Words } from '../texts/words';
import { dayPage } from './day-page';
import type { Frame } from './frame';
import type { Html } from './html';
import { overviewPage } from './overview-page';
import { runPage } from './run-page';
import { tenantPage } from './tenant-page';
import { youtubePage } from './youtube-page';

/** What the window of a view is called. */
export function viewTitle(words: Words, view: DashboardView): string {
  switch (view.view) {
    case 'overview':
      return words.text('overview_title');
    case 'day':
      return `${view.tenant}, ${words.date(view.date)}`;
    case 'tenant':
      return words.text('tenant_title', { tenant: view.tenant });
    case 'run':
      return words.text('run_title', { run: view.run });
    case 'youtube':
      return words.text('youtube_title');
  }
}

export function viewContent(frame: Frame, view: DashboardView): Html {
  switch (view.view) {
    case 'overview':
      return overviewPage(frame, view);
    case 'day':
      return dayPage(frame, view);
    case 'tenant':
      return tenantPage(frame, view);
    case 'run':
      return runPage(frame, view);
    case 'youtube':
      return youtubePage(frame, view);
  }
}
