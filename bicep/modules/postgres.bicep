metadata description = 'The PostgreSQL server of the YouTube sync, with its database and its administrators.'

import { databaseAdministrator } from '../types/options.bicep'

@description('The name of the server.')
param name string

@description('Where it is.')
param location string

@description('The tags of every resource.')
param tags object

@description('The database.')
param databaseName string

@description('Whether logins with a password exist beside those of Microsoft Entra ID.')
param passwordLogins bool

@description('The login with the password.')
param administratorLogin string

@description('Its password. Without one, that of a server which is there already stays.')
@secure()
param administratorPassword string

@description('Who administers the server through Microsoft Entra ID.')
param administrators databaseAdministrator[]

@description('The size of the server.')
param skuName string

@description('The tier that the size belongs to.')
param skuTier string

@description('The disk. It grows by itself.')
param storageSizeGB int

@description('How long backups are kept.')
param backupRetentionDays int

@description('Whether it is reached through private endpoints only.')
param privateNetwork bool

@description('Where its log goes.')
param workspaceId string

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: skuName
    tier: skuTier
  }
  properties: {
    version: '17'
    administratorLogin: passwordLogins ? administratorLogin : null
    administratorLoginPassword: passwordLogins && !empty(administratorPassword) ? administratorPassword : null
    authConfig: {
      activeDirectoryAuth: 'Enabled'
      passwordAuth: passwordLogins ? 'Enabled' : 'Disabled'
      tenantId: tenant().tenantId
    }
    storage: {
      storageSizeGB: storageSizeGB
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: backupRetentionDays
      geoRedundantBackup: 'Disabled'
    }
    highAvailability: {
      mode: 'Disabled'
    }
    network: {
      publicNetworkAccess: privateNetwork ? 'Disabled' : 'Enabled'
    }
  }
}

// The server takes one change at a time: what follows is in a row.
resource encryptedConnections 'Microsoft.DBforPostgreSQL/flexibleServers/configurations@2025-08-01' = {
  name: 'require_secure_transport'
  parent: server
  properties: {
    value: 'on'
    source: 'user-override'
  }
}

resource leastTlsVersion 'Microsoft.DBforPostgreSQL/flexibleServers/configurations@2025-08-01' = {
  name: 'ssl_min_protocol_version'
  parent: server
  properties: {
    value: 'TLSv1.2'
    source: 'user-override'
  }
  dependsOn: [
    encryptedConnections
  ]
}

resource database 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2025-08-01' = {
  name: databaseName
  parent: server
  properties: {
    charset: 'UTF8'
    collation: 'en_US.utf8'
  }
  dependsOn: [
    leastTlsVersion
  ]
}

@batchSize(1)
resource administratorsOfServer 'Microsoft.DBforPostgreSQL/flexibleServers/administrators@2025-08-01' = [for administrator in administrators: {
  name: administrator.objectId
  parent: server
  properties: {
    principalName: administrator.name
    principalType: administrator.type
    tenantId: tenant().tenantId
  }
  dependsOn: [
    database
  ]
}]

// Without a private network the app comes from addresses that nobody knows before. This rule, which is Azure's own form for it, lets in whatever
// runs in Azure; the login is what keeps others out.
resource azureAddresses 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2025-08-01' = if (!privateNetwork) {
  name: 'AllowAllAzureServicesAndResourcesWithinAzureIps'
  parent: server
  properties: {
    startIpAddress: '0.0.0.0'
    endIpAddress: '0.0.0.0'
  }
  dependsOn: [
    administratorsOfServer
  ]
}

resource serverLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-log-analytics'
  scope: server
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'PostgreSQLLogs'
        enabled: true
      }
    ]
  }
}

output id string = server.id
output host string = server.properties.fullyQualifiedDomainName
