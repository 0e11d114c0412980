/** A Kusto type, as a column of these tables has it. */
export type ColumnType = 'string' | 'datetime' | 'real' | 'int' | 'dynamic';

/** What every table of Application Insights has. */
const COMMON: Readonly<Record<string, ColumnType>> = {
  timestamp: 'datetime',
  itemId: 'string',
  itemType: 'string',
  customDimensions: 'dynamic',
  operation_Name: 'string',
  operation_Id: 'string',
  operation_ParentId: 'string',
  operation_SyntheticSource: 'string',
  session_Id: 'string',
  user_Id: 'string',
  user_AuthenticatedId: 'string',
  user_AccountId: 'string',
  application_Version: 'string',
  client_Type: 'string',
  client_Model: 'string',
  client_OS: 'string',
  client_IP: 'string',
  client_City: 'string',
  client_StateOrProvince: 'string',
  client_CountryOrRegion: 'string',
  client_Browser: 'string',
  cloud_RoleName: 'string',
  cloud_RoleInstance: 'string',
  appId: 'string',
  appName: 'string',
  iKey: 'string',
  sdkVersion: 'string',
};

const COUNTED: Readonly<Record<string, ColumnType>> = { ...COMMON, itemCount: 'int', customMeasurements: 'dynamic' };

/**
 * The tables that queries may read, as the Logs page of an Application Insights component has them.
 * Source: "Migrate an Application Insights classic resource to a workspace-based resource", section "Table schemas", columns
 * "ApplicationInsights" and "Type" (https://learn.microsoft.com/azure/azure-monitor/app/convert-classic-resource#table-schemas;
 * MicrosoftDocs/azure-docs, articles/azure-monitor/app/convert-classic-resource.md at 021cfa02207adc11f57400feb784e8a0628d929a).
 */
export const TABLES: Readonly<Record<string, Readonly<Record<string, ColumnType>>>> = {
  traces: { ...COUNTED, message: 'string', severityLevel: 'int' },
  requests: {
    ...COUNTED,
    id: 'string',
    source: 'string',
    name: 'string',
    url: 'string',
    success: 'string',
    resultCode: 'string',
    duration: 'real',
    performanceBucket: 'string',
  },
  dependencies: {
    ...COUNTED,
    id: 'string',
    target: 'string',
    type: 'string',
    name: 'string',
    data: 'string',
    success: 'string',
    resultCode: 'string',
    duration: 'real',
    performanceBucket: 'string',
  },
  exceptions: {
    ...COUNTED,
    problemId: 'string',
    handledAt: 'string',
    type: 'string',
    message: 'string',
    assembly: 'string',
    method: 'string',
    outerType: 'string',
    outerMessage: 'string',
    outerAssembly: 'string',
    outerMethod: 'string',
    innermostType: 'string',
    innermostMessage: 'string',
    innermostAssembly: 'string',
    innermostMethod: 'string',
    severityLevel: 'int',
    details: 'dynamic',
  },
  customMetrics: {
    ...COMMON,
    name: 'string',
    value: 'real',
    valueCount: 'int',
    valueSum: 'real',
    valueMin: 'real',
    valueMax: 'real',
  },
};
