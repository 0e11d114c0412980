metadata description = 'The key vault of the app, and of nothing else: the YouTube key and the database password.'

@description('The name of the vault.')
param name string

@description('Where it is.')
param location string

@description('The tags of every resource.')
param tags object

@description('The key of the YouTube Data API. Without one, what the vault holds stays.')
@secure()
param youtubeApiKey string

@description('The password of the database login. Without one, what the vault holds stays.')
@secure()
param databasePassword string

@description('The identity that reads the secrets.')
param principalId string

@description('Whether it is reached through private endpoints only.')
param privateNetwork bool

@description('Where access to the secrets is logged.')
param workspaceId string

var roles = loadJsonContent('../roles.json')

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    publicNetworkAccess: privateNetwork ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: privateNetwork ? 'Deny' : 'Allow'
    }
  }
}

resource youtubeSecret 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (!empty(youtubeApiKey)) {
  name: 'YOUTUBE-API-KEY'
  parent: vault
  properties: {
    value: youtubeApiKey
  }
}

resource passwordSecret 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (!empty(databasePassword)) {
  name: 'DB-PASSWORD'
  parent: vault
  properties: {
    value: databasePassword
  }
}

// On the vault and not on each secret: the app asks for DB-PASSWORD also where there is none and its identity signs in. With the role on
// the vault the answer is "not found"; without, it is "forbidden", which the app must take for a fault.
resource reader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, principalId, roles.keyVaultSecretsUser.id)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsUser.id)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-log-analytics'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'AuditEvent'
        enabled: true
      }
    ]
  }
}

output id string = vault.id
output url string = vault.properties.vaultUri
