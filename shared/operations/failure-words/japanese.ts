import type { WordsByCode, WordsByKind } from './failure-words';

const DEFECT = 'バッチの不具合です。実行のログを添えて報告してください。';
const AGAIN = 'この日を再実行してください。再実行はいつでも安全です。';
const SYNC_AGAIN = '同期を再実行してください。止まった所から再開します。';
const NOT_ANSWERED = 'が何度試しても時間内に応答しませんでした。';
const API_CERTIFICATE = 'YOUTUBE_API_URL の証明書は、このマシンが信頼するものではありません。';
const KEEP = 'コンテナーをそのまま残し、実行のログを添えて報告してください。';
const REPORT = '--force を付けて同期を再実行し、解決しなければ報告してください。';

export const JAPANESE_BY_CODE: WordsByCode = {
  settings_invalid: ['設定に誤りがあります。', 'メッセージに示された設定をすべて修正してください。'],
  tenant_id_invalid: ['テナント ID として使えない値です。', 'TENANT_ID またはレジストリの ID を修正してください。'],
  tenant_unknown: [
    '指定されたテナントがレジストリにありません。',
    'レジストリに登録するか、TENANT_ID または --tenant から外してください。',
  ],
  tenant_disabled: [
    'テナントはレジストリで無効になっています。',
    'レジストリで有効にするか、TENANT_ID または --tenant から外してください。',
  ],
  tenant_registry_invalid: ['テナントのレジストリ項目が使えません。', 'レジストリ項目を修正してください。'],
  tenant_container_invalid: [
    'テナント ID からコンテナー名を作れません。',
    'DATA_CONTAINER または ANALYTICS_CONTAINER を修正するか、テナントの ID を変えてください。',
  ],
  tenant_registry_empty: [
    '全テナントが指定されましたが、レジストリは空です。',
    'TENANT_ID にテナントを列挙するか、レジストリに登録してください。',
  ],
  no_tenants: ['実行するテナントがありませんでした。', 'レジストリでテナントを有効にしてください。'],
  access_denied: [
    'ストレージがバッチの ID またはキーを拒否しました。',
    'コンテナーに対するロール Storage Blob Data Contributor を与えるか、キーを修正してください。AWS ではポリシーでバケットを許可してください。',
  ],
  metadata_access_denied: [
    'メタデータストアがバッチの ID またはキーを拒否しました。',
    'ロール Cosmos DB Built-in Data Contributor を与えるか、COSMOS_KEY を修正してください。AWS ではポリシーでテーブルを許可してください。',
  ],
  container_not_found: [
    'コンテナーがありません。',
    'コンテナーを作成するか、DATA_CONTAINER または ANALYTICS_CONTAINER を修正してください。AWS では S3_BUCKET_NAME のバケットです。',
  ],
  metadata_not_found: [
    'メタデータのデータベースまたはテーブルがありません。',
    '作成するか、COSMOS_DATABASE_NAME または COSMOS_CONTAINER_NAME を修正してください。AWS では DYNAMODB_TABLE_NAME のテーブルです。',
  ],
  metadata_item_invalid: [
    'メタデータストアに使えない項目があります。',
    '項目を修正または削除してから、この日を再実行してください。',
  ],
  'storage_request_invalid/configuration': [
    'ストレージのアドレスまたは名前が正しくありません。',
    'メッセージに示された設定を修正してください。',
  ],
  'metadata_request_invalid/configuration': [
    'メタデータストアのアドレスまたは名前が正しくありません。',
    'メッセージに示された設定を修正してください。',
  ],
  storage_request_invalid: ['ストレージが要求を誤りとして拒否しました。', DEFECT],
  metadata_request_invalid: ['メタデータストアが要求を誤りとして拒否しました。', DEFECT],
  column_value_invalid: ['値を列に書き込めませんでした。', DEFECT],
  'storage_connection_lost/configuration': [
    'ストレージの証明書は、このマシンが信頼するものではありません。',
    'ストレージのアドレスを確認してください。',
  ],
  'metadata_connection_lost/configuration': [
    'メタデータストアの証明書は、このマシンが信頼するものではありません。',
    'メタデータストアのアドレスを確認してください。',
  ],
  storage_throttled: ['ストレージが要求を減らすよう求め続けました。', AGAIN],
  storage_unavailable: [`ストレージ${NOT_ANSWERED}`, AGAIN],
  storage_timeout: [`ストレージ${NOT_ANSWERED}`, AGAIN],
  storage_connection_lost: ['ストレージとの接続が繰り返し切れました。', AGAIN],
  metadata_throttled: ['メタデータストアが要求を減らすよう求め続けました。', AGAIN],
  metadata_unavailable: [`メタデータストア${NOT_ANSWERED}`, AGAIN],
  metadata_timeout: [`メタデータストア${NOT_ANSWERED}`, AGAIN],
  metadata_connection_lost: ['メタデータストアとの接続が繰り返し切れました。', AGAIN],
  object_not_found: ['読み取ろうとしたファイルが削除されていました。', AGAIN],
  precondition_failed: ['同じオブジェクトが同時に書き込まれました。', AGAIN],
  'metadata_precondition_failed/permanent': ['同じ項目が同時に書き込まれました。', AGAIN],
  metadata_precondition_failed: ['多数の同期が同時にクォータを記録しようとしました。', SYNC_AGAIN],
  input_changed: ['読み取りよりも速くメッセージが変更または削除されました。', AGAIN],
  input_invalid: ['実行の引数に誤りがありました。', '引数を修正してください。'],
  published_meanwhile: ['試すたびに、同じ日を別の実行が公開していました。', AGAIN],
  day_in_use: ['同じ日を別の実行が処理中でした。', '終わるのを待って、この日を再実行してください。'],
  day_not_begun: ['テナントのタイムゾーンでは、まだ先の日です。', 'その日を待つか、日付を修正してください。'],
  repair_unreadable: [
    '隔離されたメッセージの訂正版の中に、訂正版ではないファイルがあります。',
    'メッセージが示すファイルを取り除き、そのメッセージを replay して、この日を再実行してください。',
  ],
  part_missing: ['同じ日の別の実行が、続けて 2 回パートを削除しました。', AGAIN],
  part_file_failed: ['ローカルディスクにファイルを書き込めませんでした。', AGAIN],
  csv_file_failed: ['ローカルディスクにファイルを書き込めませんでした。', SYNC_AGAIN],
  encoding_thread_lost: [
    'Parquet を作成するスレッドが終了しました。多くはメモリ不足によるものです。',
    'この日を再実行し、繰り返す場合はインスタンスのメモリを増やしてください。',
  ],
  compression_unsupported: ['この圧縮方式には対応していません。', 'PARQUET_COMPRESSION を修正してください。'],
  out_of_time: ['処理を始める前に関数の制限時間に達しました。', '同じものを再実行してください。残りから続行します。'],
  step_cut_off: ['タイムアウト、メモリ不足、デプロイのいずれかで処理が打ち切られました。', AGAIN],
  run_cut_off: ['タイムアウト、メモリ不足、デプロイのいずれかで実行が打ち切られました。', AGAIN],
  proof_failed: ['公開しようとした内容が読み取った内容と一致しません。公開はしていません。', KEEP],
  part_invalid: ['読み戻したパートが書き込んだ内容と一致しません。公開はしていません。', KEEP],
  shards_incomplete: ['この日のシャードがそろっていません。公開はしていません。', KEEP],
  schema_newer: ['その日は、より新しいバージョンのプログラムで書かれています。', 'このプログラムを更新してください。'],
  month_incomplete: [
    'まとめようとした月に、公開されていない日があります。',
    'メッセージが示す日を実行するか、--partial を付けてまとめてください。',
  ],
  erasure_incomplete: [
    'ユーザーのデータがまだすべては消去されていません。',
    '同じ消去を再実行してください。残りから続行します。',
  ],
  internal_error: ['想定していない問題が起きました。', DEFECT],
  no_channels: [
    'YouTube チャンネルを持つテナントがありません。',
    'YOUTUBE_CHANNEL_IDS、またはレジストリ項目の youtube_channel_ids を設定してください。',
  ],
  youtube_key_invalid: ['YouTube Data API がキーを拒否しました。', 'キーを修正してください。'],
  youtube_access_not_configured: [
    'キーのプロジェクトで YouTube Data API が有効になっていません。',
    'プロジェクトで有効にしてください。',
  ],
  youtube_access_denied: [
    'YouTube Data API がキーを拒否しました。',
    'メッセージに示されたキーの制限を緩めてください。',
  ],
  youtube_channel_not_found: [
    'この ID またはハンドルのチャンネルがありません。',
    'レジストリ項目または YOUTUBE_CHANNEL_IDS を修正してください。',
  ],
  'youtube_request_invalid/configuration': [
    'YOUTUBE_API_URL の応答が API のものではありません。',
    'YOUTUBE_API_URL、または途中の機器を確認してください。',
  ],
  'youtube_connection_lost/configuration': [API_CERTIFICATE, 'アドレスを確認してください。'],
  youtube_quota_spent: [
    '太平洋時間の 1 日分のクォータを使い切りました。読み取った分は保存されています。',
    '対処は不要です。リセット後の次の実行が続きから始めます。',
  ],
  youtube_quota_exceeded: [
    'API が 1 日分のクォータの上限到達を通知しました。読み取った分は保存されています。',
    '対処は不要です。リセット後の次の実行が続きから始めます。',
  ],
  youtube_rate_limited: ['API が要求を減らすよう求め続けました。', SYNC_AGAIN],
  youtube_unavailable: [`API ${NOT_ANSWERED}`, SYNC_AGAIN],
  youtube_timeout: [`API ${NOT_ANSWERED}`, SYNC_AGAIN],
  youtube_connection_lost: ['API との接続が繰り返し切れました。', SYNC_AGAIN],
  youtube_video_not_found: ['指定された動画がありません。', '動画の ID を修正してください。'],
  youtube_video_of_other_channel: [
    '指定された動画は、このテナントのチャンネルのものではありません。',
    '動画の ID またはテナントを修正してください。',
  ],
  youtube_playlist_not_found: [
    'チャンネル自身のアップロード一覧を API が返しません。',
    'チャンネルがまだ存在するか確認してください。',
  ],
  youtube_page_token_invalid: ['API の応答が繰り返し使えないものでした。', REPORT],
  youtube_answer_invalid: ['API の応答が繰り返し使えないものでした。', REPORT],
  youtube_request_invalid: ['API が要求を誤りとして拒否しました。', REPORT],
  sync_overlaps: ['同じチャンネルを別の同期が処理中でした。', '終わるのを待って、同期を再実行してください。'],
  database_unavailable: [`データベース${NOT_ANSWERED}`, SYNC_AGAIN],
  database_timeout: [`データベース${NOT_ANSWERED}`, SYNC_AGAIN],
  database_conflict: ['データベースの同じ行をほかの処理が使用していました。', SYNC_AGAIN],
  database_access_denied: [
    'データベースがログインを拒否しました。',
    'DB_USERNAME またはパスワードを修正してください。',
  ],
  database_not_found: ['データベースがありません。', '作成するか、DB_NAME を修正してください。'],
  database_tls_failed: [
    'データベースへの安全な接続を確立できません。',
    'メッセージに従って DB_SSL を修正してください。',
  ],
  database_full: ['データベースのディスクがいっぱいです。', '空きを作ってから、同期を再実行してください。'],
  database_schema_outdated: [
    'このログインではテーブルを更新できません。',
    '所有者のログインで同期を一度実行してください。',
  ],
  database_schema_newer: ['より新しいバージョンがデータベースを移行済みです。', 'このプログラムを更新してください。'],
  database_schema_foreign: [
    '同じ名前の、このプログラムのものではないテーブルがあります。',
    '同期専用のデータベースを用意するか、それらのテーブルの名前を変えてください。',
  ],
  'database_request_invalid/configuration': [
    'データベースのアドレスまたは名前が正しくありません。',
    'メッセージに示された設定を修正してください。',
  ],
  database_request_invalid: ['データベースが要求を誤りとして拒否しました。', DEFECT],
  database_value_invalid: ['データベースが値を拒否しました。', DEFECT],
  secret_not_found: ['シークレットが見つかりません。', '登録するか、名前を修正してください。'],
  secret_access_denied: [
    'バッチの ID にはシークレットを読む権限がありません。',
    'ロール Key Vault Secrets User、または読み取りの権限を与えてください。',
  ],
  'secret_unavailable/configuration': [
    'KEY_VAULT_URL がキーコンテナーのアドレスではありません。',
    'KEY_VAULT_URL を修正してください。',
  ],
  secret_unavailable: [`シークレットの保管先${NOT_ANSWERED}`, '再実行してください。'],
};

export const JAPANESE_BY_KIND: WordsByKind = {
  transient: [
    'サービスが何度試しても応えませんでした。',
    '再実行で成功する見込みがあります。再実行はいつでも安全です。',
  ],
  quota: ['クォータを使い切りました。', 'クォータが更新されたら再実行してください。'],
  configuration: [
    '設定、権限、リソースのいずれかがバッチの必要とする状態にありません。',
    'メッセージに示されたものを修正してから、再実行してください。',
  ],
  permanent: [
    '与えられた入力を処理できませんでした。',
    '同じ入力では再び失敗します。実行のログで原因を確認してください。',
  ],
};
