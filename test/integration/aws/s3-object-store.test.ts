import { createS3Access, type S3Access, type S3Reader } from '../../../shared/aws/s3-access';
import { describeObjectStore, PAGE_SIZE } from '../../contract/object-store-contract';
import { describeWithMoto, motoEndpoint, newBucket, sharedAws } from '../../support/aws-services';

const opened: S3Access[] = [];

const opening = (reader: S3Reader) => async () => {
  const { region } = sharedAws();
  const access = createS3Access({ region, endpoint: motoEndpoint(), reader, listPageSize: PAGE_SIZE });
  opened.push(access);
  return { store: access.bucket(await newBucket('contract')), missing: access.bucket('not-there') };
};

afterAll(() => {
  for (const access of opened) access.dispose();
});

describeWithMoto('S3, on moto', () => {
  describeObjectStore('S3', opening('fast'), { canBeMissing: true, hasContentEtags: true, losesRaces: true });
  describeObjectStore('S3, through the SDK', opening('sdk'), {
    canBeMissing: true,
    hasContentEtags: true,
    losesRaces: true,
  });
});
