metadata description = 'What the batch may do in Cosmos DB: read and write the items of one container.'

@description('The account, in the resource group of this module.')
param accountName string

@description('The database of the metadata.')
param databaseName string

@description('The container of the metadata.')
param containerName string

@description('The identity that the batch works as.')
param principalId string

var roles = loadJsonContent('../roles.json')
var containerScope = '${account.id}/dbs/${databaseName}/colls/${containerName}'

resource account 'Microsoft.DocumentDB/databaseAccounts@2024-11-15' existing = {
  name: accountName
}

resource items 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2024-11-15' = {
  name: guid(account.id, databaseName, containerName, principalId, roles.cosmosDataContributor.id)
  parent: account
  properties: {
    roleDefinitionId: '${account.id}/sqlRoleDefinitions/${roles.cosmosDataContributor.id}'
    principalId: principalId
    scope: containerScope
  }
}

// A client asks the account where its regions are before it asks for an item, which no role of a container allows.
resource metadataReader 'Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions@2024-11-15' = {
  name: guid(account.id, 'makoto-daily-batch-metadata-reader')
  parent: account
  properties: {
    roleName: 'makoto-daily-batch metadata reader'
    type: 'CustomRole'
    assignableScopes: [
      account.id
    ]
    permissions: [
      {
        dataActions: [
          'Microsoft.DocumentDB/databaseAccounts/readMetadata'
        ]
      }
    ]
  }
}

resource regions 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2024-11-15' = {
  name: guid(account.id, principalId, metadataReader.name)
  parent: account
  properties: {
    roleDefinitionId: metadataReader.id
    principalId: principalId
    scope: account.id
  }
  // The service takes one change of an account's roles at a time.
  dependsOn: [
    items
  ]
}

output endpoint string = account.properties.documentEndpoint
