metadata description = 'The PostgreSQL database of the YouTube sync: on a server that is made here, on somebody else\'s, or none.'

import { databaseOptions } from '../types/options.bicep'

@description('What was chosen.')
param options databaseOptions

@description('The name of a server that is made.')
param name string

@description('Where a server that is made is.')
param location string

@description('The tags of every resource.')
param tags object

@description('The password of the login, where it has one.')
@secure()
param password string

@description('The name of the app\'s identity, which is its login where it has no password.')
param identityName string

@description('The identity itself.')
param principalId string

@description('Whether a server that is made is reached through private endpoints only.')
param privateNetwork bool

@description('Where the log of the server goes.')
param workspaceId string

var makes = options.mode == 'create'
var passwordLogins = (options.?authentication ?? 'entra') == 'password'
var databaseName = options.?name ?? 'shirogane'
var login = options.?login ?? (passwordLogins ? 'makoto' : identityName)

module made 'postgres.bicep' = if (makes) {
  name: 'postgres'
  params: {
    name: name
    location: location
    tags: tags
    databaseName: databaseName
    passwordLogins: passwordLogins
    administratorLogin: login
    administratorPassword: password
    administrators: options.?administrators ?? [
      {
        objectId: principalId
        name: identityName
        type: 'ServicePrincipal'
      }
    ]
    skuName: options.?skuName ?? 'Standard_B1ms'
    skuTier: options.?skuTier ?? 'Burstable'
    storageSizeGB: options.?storageSizeGB ?? 32
    backupRetentionDays: options.?backupRetentionDays ?? 7
    privateNetwork: privateNetwork
    workspaceId: workspaceId
  }
}

@description('Blank where no server is made.')
output id string = makes ? made!.outputs.id : ''

@description('Blank where there is no YouTube sync.')
output host string = makes ? made!.outputs.host : (options.mode == 'existing' ? (options.?host ?? '') : '')
output port int = options.?port ?? 5432
output databaseName string = databaseName
output login string = login
