import { answeredIds, type Reading } from './fetch-progress';
import { listedIds } from './uploads-list';
import { IDS_A_REQUEST } from './video-details';

/** About the units that the rest of a reading costs, without that for the channel itself; at least one. */
export function unitsLeft(reading: Reading, videosExpected: number): number {
  const { list } = reading;
  const videos = Math.max(videosExpected, listedIds(list).length);
  const pages = list.complete ? 0 : Math.max(0, Math.ceil(videos / IDS_A_REQUEST) - list.pages.length);
  const details = Math.ceil(Math.max(0, videos - answeredIds(reading).size) / IDS_A_REQUEST);
  // Whoever goes on looks at the top of the list first, and an empty one has a page too.
  const more = list.pages.length > 0 || pages === 0 ? 1 : 0;
  return pages + details + more;
}
