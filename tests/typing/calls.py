"""One call of every endpoint, with the type of its outcome; only type checkers run this.

Written by `python -m tests.typing.write_calls` from the catalogue.
"""

from __future__ import annotations

from typing import Literal, assert_type
from uuid import UUID

from cvatfn import CallError, Outcome, Transport, call, models
from cvatfn.api import (
    assets,
    auth,
    cloudstorages,
    comments,
    consensus,
    events,
    growth,
    guides,
    invitations,
    issues,
    jobs,
    labels,
    lambda_,
    memberships,
    organizations,
    projects,
    quality,
    requests,
    schema,
    server,
    tasks,
    users,
    webhooks,
)
from cvatfn.codecs.jsonvalue import JSON, JSONObject


def assets_create(transport: Transport, asset_write_request: models.AssetWriteRequest) -> None:
    outcome = call(transport, assets.create, asset_write_request=asset_write_request)
    assert_type(outcome, Outcome[models.AssetRead, CallError])


def assets_destroy(transport: Transport, uuid: UUID) -> None:
    outcome = call(transport, assets.destroy, uuid=uuid)
    assert_type(outcome, Outcome[None, CallError])


def assets_retrieve(transport: Transport, uuid: UUID) -> None:
    outcome = call(transport, assets.retrieve, uuid=uuid)
    assert_type(outcome, Outcome[bytes, CallError])


def auth_create_access_tokens(
    transport: Transport, access_token_write_request: models.AccessTokenWriteRequest
) -> None:
    outcome = call(
        transport, auth.create_access_tokens, access_token_write_request=access_token_write_request
    )
    assert_type(outcome, Outcome[models.AccessTokenRead, CallError])


def auth_create_login(
    transport: Transport, login_serializer_ex_request: models.LoginSerializerExRequest
) -> None:
    outcome = call(
        transport, auth.create_login, login_serializer_ex_request=login_serializer_ex_request
    )
    assert_type(outcome, Outcome[models.Token, CallError])


def auth_create_logout(transport: Transport) -> None:
    outcome = call(transport, auth.create_logout)
    assert_type(outcome, Outcome[models.RestAuthDetail, CallError])


def auth_create_password_change(
    transport: Transport, password_change_request: models.PasswordChangeRequest
) -> None:
    outcome = call(
        transport, auth.create_password_change, password_change_request=password_change_request
    )
    assert_type(outcome, Outcome[models.RestAuthDetail, CallError])


def auth_create_password_reset(
    transport: Transport,
    password_reset_serializer_ex_request: models.PasswordResetSerializerExRequest,
) -> None:
    outcome = call(
        transport,
        auth.create_password_reset,
        password_reset_serializer_ex_request=password_reset_serializer_ex_request,
    )
    assert_type(outcome, Outcome[models.RestAuthDetail, CallError])


def auth_create_password_reset_confirm(
    transport: Transport, password_reset_confirm_request: models.PasswordResetConfirmRequest
) -> None:
    outcome = call(
        transport,
        auth.create_password_reset_confirm,
        password_reset_confirm_request=password_reset_confirm_request,
    )
    assert_type(outcome, Outcome[models.RestAuthDetail, CallError])


def auth_create_register(
    transport: Transport, register_serializer_ex_request: models.RegisterSerializerExRequest
) -> None:
    outcome = call(
        transport,
        auth.create_register,
        register_serializer_ex_request=register_serializer_ex_request,
    )
    assert_type(outcome, Outcome[models.RegisterSerializerEx, CallError])


def auth_destroy_access_tokens(transport: Transport, id: int) -> None:
    outcome = call(transport, auth.destroy_access_tokens, id=id)
    assert_type(outcome, Outcome[None, CallError])


def auth_list_access_tokens(transport: Transport) -> None:
    outcome = call(transport, auth.list_access_tokens)
    assert_type(outcome, Outcome[models.PaginatedAccessTokenReadList, CallError])


def auth_partial_update_access_tokens(
    transport: Transport,
    id: int,
    patched_access_token_write_request: models.PatchedAccessTokenWriteRequest,
) -> None:
    outcome = call(
        transport,
        auth.partial_update_access_tokens,
        id=id,
        patched_access_token_write_request=patched_access_token_write_request,
    )
    assert_type(outcome, Outcome[models.AccessTokenRead, CallError])


def auth_retrieve_access_tokens(transport: Transport, id: int) -> None:
    outcome = call(transport, auth.retrieve_access_tokens, id=id)
    assert_type(outcome, Outcome[models.AccessTokenRead, CallError])


def auth_retrieve_access_tokens_self(transport: Transport) -> None:
    outcome = call(transport, auth.retrieve_access_tokens_self)
    assert_type(outcome, Outcome[models.AccessTokenRead, CallError])


def auth_retrieve_rules(transport: Transport) -> None:
    outcome = call(transport, auth.retrieve_rules)
    assert_type(outcome, Outcome[bytes, CallError])


def cloudstorages_create(
    transport: Transport, cloud_storage_write_request: models.CloudStorageWriteRequest
) -> None:
    outcome = call(
        transport, cloudstorages.create, cloud_storage_write_request=cloud_storage_write_request
    )
    assert_type(outcome, Outcome[models.CloudStorageRead, CallError])


def cloudstorages_destroy(transport: Transport, id: int) -> None:
    outcome = call(transport, cloudstorages.destroy, id=id)
    assert_type(outcome, Outcome[None, CallError])


def cloudstorages_list(transport: Transport) -> None:
    outcome = call(transport, cloudstorages.list)
    assert_type(outcome, Outcome[models.PaginatedCloudStorageReadList, CallError])


def cloudstorages_partial_update(
    transport: Transport,
    id: int,
    patched_cloud_storage_write_request: models.PatchedCloudStorageWriteRequest,
) -> None:
    outcome = call(
        transport,
        cloudstorages.partial_update,
        id=id,
        patched_cloud_storage_write_request=patched_cloud_storage_write_request,
    )
    assert_type(outcome, Outcome[models.CloudStorageRead, CallError])


def cloudstorages_retrieve(transport: Transport, id: int) -> None:
    outcome = call(transport, cloudstorages.retrieve, id=id)
    assert_type(outcome, Outcome[models.CloudStorageRead, CallError])


def cloudstorages_retrieve_actions(transport: Transport, id: int) -> None:
    outcome = call(transport, cloudstorages.retrieve_actions, id=id)
    assert_type(outcome, Outcome[str, CallError])


def cloudstorages_retrieve_content_v2(transport: Transport, id: int) -> None:
    outcome = call(transport, cloudstorages.retrieve_content_v2, id=id)
    assert_type(outcome, Outcome[models.CloudStorageContent, CallError])


def cloudstorages_retrieve_preview(transport: Transport, id: int) -> None:
    outcome = call(transport, cloudstorages.retrieve_preview, id=id)
    assert_type(outcome, Outcome[bytes, CallError])


def cloudstorages_retrieve_status(transport: Transport, id: int) -> None:
    outcome = call(transport, cloudstorages.retrieve_status, id=id)
    assert_type(outcome, Outcome[str, CallError])


def comments_create(
    transport: Transport, comment_write_request: models.CommentWriteRequest
) -> None:
    outcome = call(transport, comments.create, comment_write_request=comment_write_request)
    assert_type(outcome, Outcome[models.CommentRead, CallError])


def comments_destroy(transport: Transport, id: int) -> None:
    outcome = call(transport, comments.destroy, id=id)
    assert_type(outcome, Outcome[None, CallError])


def comments_list(transport: Transport) -> None:
    outcome = call(transport, comments.list)
    assert_type(outcome, Outcome[models.PaginatedCommentReadList, CallError])


def comments_partial_update(
    transport: Transport, id: int, patched_comment_write_request: models.PatchedCommentWriteRequest
) -> None:
    outcome = call(
        transport,
        comments.partial_update,
        id=id,
        patched_comment_write_request=patched_comment_write_request,
    )
    assert_type(outcome, Outcome[models.CommentRead, CallError])


def comments_retrieve(transport: Transport, id: int) -> None:
    outcome = call(transport, comments.retrieve, id=id)
    assert_type(outcome, Outcome[models.CommentRead, CallError])


def consensus_create_merge(
    transport: Transport, consensus_merge_create_request: models.ConsensusMergeCreateRequest
) -> None:
    outcome = call(
        transport,
        consensus.create_merge,
        consensus_merge_create_request=consensus_merge_create_request,
    )
    assert_type(outcome, Outcome[models.RqId, CallError])


def consensus_list_settings(transport: Transport) -> None:
    outcome = call(transport, consensus.list_settings)
    assert_type(outcome, Outcome[models.PaginatedConsensusSettingsList, CallError])


def consensus_partial_update_settings(
    transport: Transport,
    id: int,
    patched_consensus_settings_request: models.PatchedConsensusSettingsRequest,
) -> None:
    outcome = call(
        transport,
        consensus.partial_update_settings,
        id=id,
        patched_consensus_settings_request=patched_consensus_settings_request,
    )
    assert_type(outcome, Outcome[models.ConsensusSettings, CallError])


def consensus_retrieve_settings(transport: Transport, id: int) -> None:
    outcome = call(transport, consensus.retrieve_settings, id=id)
    assert_type(outcome, Outcome[models.ConsensusSettings, CallError])


def events_create(transport: Transport, client_events_request: models.ClientEventsRequest) -> None:
    outcome = call(transport, events.create, client_events_request=client_events_request)
    assert_type(outcome, Outcome[models.ClientEvents, CallError])


def events_create_export(transport: Transport) -> None:
    outcome = call(transport, events.create_export)
    assert_type(outcome, Outcome[models.RqId, CallError])


def events_list(transport: Transport) -> None:
    outcome = call(transport, events.list)
    assert_type(outcome, Outcome[bytes, CallError])


def growth_list(transport: Transport) -> None:
    outcome = call(transport, growth.list)
    assert_type(outcome, Outcome[models.PaginatedUserGrowthDataList, CallError])


def growth_partial_update(
    transport: Transport,
    id: str,
    patched_user_growth_data_request: models.PatchedUserGrowthDataRequest,
) -> None:
    outcome = call(
        transport,
        growth.partial_update,
        id=id,
        patched_user_growth_data_request=patched_user_growth_data_request,
    )
    assert_type(outcome, Outcome[models.UserGrowthData, CallError])


def growth_retrieve(transport: Transport, id: str) -> None:
    outcome = call(transport, growth.retrieve, id=id)
    assert_type(outcome, Outcome[models.UserGrowthData, CallError])


def guides_create(
    transport: Transport, annotation_guide_write_request: models.AnnotationGuideWriteRequest
) -> None:
    outcome = call(
        transport, guides.create, annotation_guide_write_request=annotation_guide_write_request
    )
    assert_type(outcome, Outcome[models.AnnotationGuideRead, CallError])


def guides_destroy(transport: Transport, id: int) -> None:
    outcome = call(transport, guides.destroy, id=id)
    assert_type(outcome, Outcome[None, CallError])


def guides_partial_update(
    transport: Transport,
    id: int,
    patched_annotation_guide_write_request: models.PatchedAnnotationGuideWriteRequest,
) -> None:
    outcome = call(
        transport,
        guides.partial_update,
        id=id,
        patched_annotation_guide_write_request=patched_annotation_guide_write_request,
    )
    assert_type(outcome, Outcome[models.AnnotationGuideRead, CallError])


def guides_retrieve(transport: Transport, id: int) -> None:
    outcome = call(transport, guides.retrieve, id=id)
    assert_type(outcome, Outcome[models.AnnotationGuideRead, CallError])


def invitations_accept(transport: Transport, key: str) -> None:
    outcome = call(transport, invitations.accept, key=key)
    assert_type(outcome, Outcome[models.AcceptInvitationRead, CallError])


def invitations_create(
    transport: Transport, invitation_write_request: models.InvitationWriteRequest
) -> None:
    outcome = call(transport, invitations.create, invitation_write_request=invitation_write_request)
    assert_type(outcome, Outcome[models.InvitationRead, CallError])


def invitations_decline(transport: Transport, key: str) -> None:
    outcome = call(transport, invitations.decline, key=key)
    assert_type(outcome, Outcome[None, CallError])


def invitations_destroy(transport: Transport, key: str) -> None:
    outcome = call(transport, invitations.destroy, key=key)
    assert_type(outcome, Outcome[None, CallError])


def invitations_list(transport: Transport) -> None:
    outcome = call(transport, invitations.list)
    assert_type(outcome, Outcome[models.PaginatedInvitationReadList, CallError])


def invitations_resend(transport: Transport, key: str) -> None:
    outcome = call(transport, invitations.resend, key=key)
    assert_type(outcome, Outcome[None, CallError])


def invitations_retrieve(transport: Transport, key: str) -> None:
    outcome = call(transport, invitations.retrieve, key=key)
    assert_type(outcome, Outcome[models.InvitationRead, CallError])


def issues_create(transport: Transport, issue_write_request: models.IssueWriteRequest) -> None:
    outcome = call(transport, issues.create, issue_write_request=issue_write_request)
    assert_type(outcome, Outcome[models.IssueRead, CallError])


def issues_destroy(transport: Transport, id: int) -> None:
    outcome = call(transport, issues.destroy, id=id)
    assert_type(outcome, Outcome[None, CallError])


def issues_list(transport: Transport) -> None:
    outcome = call(transport, issues.list)
    assert_type(outcome, Outcome[models.PaginatedIssueReadList, CallError])


def issues_partial_update(
    transport: Transport, id: int, patched_issue_write_request: models.PatchedIssueWriteRequest
) -> None:
    outcome = call(
        transport,
        issues.partial_update,
        id=id,
        patched_issue_write_request=patched_issue_write_request,
    )
    assert_type(outcome, Outcome[models.IssueRead, CallError])


def issues_retrieve(transport: Transport, id: int) -> None:
    outcome = call(transport, issues.retrieve, id=id)
    assert_type(outcome, Outcome[models.IssueRead, CallError])


def jobs_create(transport: Transport, job_write_request: models.JobWriteRequest) -> None:
    outcome = call(transport, jobs.create, job_write_request=job_write_request)
    assert_type(outcome, Outcome[models.JobRead, CallError])


def jobs_create_annotations(
    transport: Transport, id: int, annotation_file_request: models.AnnotationFileRequest
) -> None:
    outcome = call(
        transport, jobs.create_annotations, id=id, annotation_file_request=annotation_file_request
    )
    assert_type(outcome, Outcome[models.RqId | None, CallError])


def jobs_create_dataset_export(transport: Transport, id: int, format: str) -> None:
    outcome = call(transport, jobs.create_dataset_export, id=id, format=format)
    assert_type(outcome, Outcome[models.RqId, CallError])


def jobs_destroy(transport: Transport, id: int) -> None:
    outcome = call(transport, jobs.destroy, id=id)
    assert_type(outcome, Outcome[None, CallError])


def jobs_destroy_annotations(transport: Transport, id: int) -> None:
    outcome = call(transport, jobs.destroy_annotations, id=id)
    assert_type(outcome, Outcome[None, CallError])


def jobs_list(transport: Transport) -> None:
    outcome = call(transport, jobs.list)
    assert_type(outcome, Outcome[models.PaginatedJobReadList, CallError])


def jobs_partial_update(
    transport: Transport, id: int, patched_job_write_request: models.PatchedJobWriteRequest
) -> None:
    outcome = call(
        transport, jobs.partial_update, id=id, patched_job_write_request=patched_job_write_request
    )
    assert_type(outcome, Outcome[models.JobRead, CallError])


def jobs_partial_update_annotations(
    transport: Transport,
    id: int,
    action: Literal["create", "delete", "update"],
    patched_labeled_data_request: models.PatchedLabeledDataRequest,
) -> None:
    outcome = call(
        transport,
        jobs.partial_update_annotations,
        id=id,
        action=action,
        patched_labeled_data_request=patched_labeled_data_request,
    )
    assert_type(outcome, Outcome[models.LabeledData, CallError])


def jobs_partial_update_data_meta(
    transport: Transport,
    id: int,
    patched_job_data_meta_write_request: models.PatchedJobDataMetaWriteRequest,
) -> None:
    outcome = call(
        transport,
        jobs.partial_update_data_meta,
        id=id,
        patched_job_data_meta_write_request=patched_job_data_meta_write_request,
    )
    assert_type(outcome, Outcome[models.DataMetaRead, CallError])


def jobs_partial_update_validation_layout(
    transport: Transport,
    id: int,
    patched_job_validation_layout_write_request: models.PatchedJobValidationLayoutWriteRequest,
) -> None:
    outcome = call(
        transport,
        jobs.partial_update_validation_layout,
        id=id,
        patched_job_validation_layout_write_request=patched_job_validation_layout_write_request,
    )
    assert_type(outcome, Outcome[models.JobValidationLayoutRead, CallError])


def jobs_retrieve(transport: Transport, id: int) -> None:
    outcome = call(transport, jobs.retrieve, id=id)
    assert_type(outcome, Outcome[models.JobRead, CallError])


def jobs_retrieve_annotations(transport: Transport, id: int) -> None:
    outcome = call(transport, jobs.retrieve_annotations, id=id)
    assert_type(outcome, Outcome[models.LabeledData, CallError])


def jobs_retrieve_data(
    transport: Transport, id: int, type: Literal["chunk", "context_image", "frame"]
) -> None:
    outcome = call(transport, jobs.retrieve_data, id=id, type=type)
    assert_type(outcome, Outcome[bytes, CallError])


def jobs_retrieve_data_meta(transport: Transport, id: int) -> None:
    outcome = call(transport, jobs.retrieve_data_meta, id=id)
    assert_type(outcome, Outcome[models.DataMetaRead, CallError])


def jobs_retrieve_preview(transport: Transport, id: int) -> None:
    outcome = call(transport, jobs.retrieve_preview, id=id)
    assert_type(outcome, Outcome[bytes, CallError])


def jobs_retrieve_validation_layout(transport: Transport, id: int) -> None:
    outcome = call(transport, jobs.retrieve_validation_layout, id=id)
    assert_type(outcome, Outcome[models.JobValidationLayoutRead, CallError])


def jobs_update_annotations(
    transport: Transport, id: int, labeled_data_request: models.LabeledDataRequest
) -> None:
    outcome = call(
        transport, jobs.update_annotations, id=id, labeled_data_request=labeled_data_request
    )
    assert_type(outcome, Outcome[models.LabeledData, CallError])


def labels_destroy(transport: Transport, id: int) -> None:
    outcome = call(transport, labels.destroy, id=id)
    assert_type(outcome, Outcome[None, CallError])


def labels_list(transport: Transport) -> None:
    outcome = call(transport, labels.list)
    assert_type(outcome, Outcome[models.PaginatedLabelList, CallError])


def labels_partial_update(
    transport: Transport, id: int, patched_label_request: models.PatchedLabelRequest
) -> None:
    outcome = call(
        transport, labels.partial_update, id=id, patched_label_request=patched_label_request
    )
    assert_type(outcome, Outcome[models.Label, CallError])


def labels_retrieve(transport: Transport, id: int) -> None:
    outcome = call(transport, labels.retrieve, id=id)
    assert_type(outcome, Outcome[models.Label, CallError])


def lambda_create_functions(
    transport: Transport,
    func_id: str,
    online_function_call_request: models.OnlineFunctionCallRequest,
) -> None:
    outcome = call(
        transport,
        lambda_.create_functions,
        func_id=func_id,
        online_function_call_request=online_function_call_request,
    )
    assert_type(outcome, Outcome[JSON, CallError])


def lambda_create_requests(
    transport: Transport, function_call_request: models.FunctionCallRequest
) -> None:
    outcome = call(transport, lambda_.create_requests, function_call_request=function_call_request)
    assert_type(outcome, Outcome[models.FunctionCall, CallError])


def lambda_delete_requests(transport: Transport, id: str) -> None:
    outcome = call(transport, lambda_.delete_requests, id=id)
    assert_type(outcome, Outcome[None, CallError])


def lambda_list_functions(transport: Transport) -> None:
    outcome = call(transport, lambda_.list_functions)
    assert_type(outcome, Outcome[tuple[JSONObject, ...], CallError])


def lambda_list_requests(transport: Transport) -> None:
    outcome = call(transport, lambda_.list_requests)
    assert_type(outcome, Outcome[tuple[models.FunctionCall, ...], CallError])


def lambda_retrieve_functions(transport: Transport, func_id: str) -> None:
    outcome = call(transport, lambda_.retrieve_functions, func_id=func_id)
    assert_type(outcome, Outcome[JSONObject, CallError])


def lambda_retrieve_requests(transport: Transport, id: str) -> None:
    outcome = call(transport, lambda_.retrieve_requests, id=id)
    assert_type(outcome, Outcome[models.FunctionCall, CallError])


def memberships_destroy(transport: Transport, id: int) -> None:
    outcome = call(transport, memberships.destroy, id=id)
    assert_type(outcome, Outcome[None, CallError])


def memberships_list(transport: Transport) -> None:
    outcome = call(transport, memberships.list)
    assert_type(outcome, Outcome[models.PaginatedMembershipReadList, CallError])


def memberships_partial_update(
    transport: Transport,
    id: int,
    patched_membership_write_request: models.PatchedMembershipWriteRequest,
) -> None:
    outcome = call(
        transport,
        memberships.partial_update,
        id=id,
        patched_membership_write_request=patched_membership_write_request,
    )
    assert_type(outcome, Outcome[models.MembershipRead, CallError])


def memberships_retrieve(transport: Transport, id: int) -> None:
    outcome = call(transport, memberships.retrieve, id=id)
    assert_type(outcome, Outcome[models.MembershipRead, CallError])


def organizations_create(
    transport: Transport, organization_write_request: models.OrganizationWriteRequest
) -> None:
    outcome = call(
        transport, organizations.create, organization_write_request=organization_write_request
    )
    assert_type(outcome, Outcome[models.OrganizationRead, CallError])


def organizations_destroy(transport: Transport, id: int) -> None:
    outcome = call(transport, organizations.destroy, id=id)
    assert_type(outcome, Outcome[None, CallError])


def organizations_list(transport: Transport) -> None:
    outcome = call(transport, organizations.list)
    assert_type(outcome, Outcome[models.PaginatedOrganizationReadList, CallError])


def organizations_partial_update(
    transport: Transport,
    id: int,
    patched_organization_write_request: models.PatchedOrganizationWriteRequest,
) -> None:
    outcome = call(
        transport,
        organizations.partial_update,
        id=id,
        patched_organization_write_request=patched_organization_write_request,
    )
    assert_type(outcome, Outcome[models.OrganizationRead, CallError])


def organizations_retrieve(transport: Transport, id: int) -> None:
    outcome = call(transport, organizations.retrieve, id=id)
    assert_type(outcome, Outcome[models.OrganizationRead, CallError])


def projects_create(
    transport: Transport, project_write_request: models.ProjectWriteRequest
) -> None:
    outcome = call(transport, projects.create, project_write_request=project_write_request)
    assert_type(outcome, Outcome[models.ProjectRead, CallError])


def projects_create_backup(
    transport: Transport, project_file_request: models.ProjectFileRequest
) -> None:
    outcome = call(transport, projects.create_backup, project_file_request=project_file_request)
    assert_type(outcome, Outcome[models.RqId | None, CallError])


def projects_create_backup_export(transport: Transport, id: int) -> None:
    outcome = call(transport, projects.create_backup_export, id=id)
    assert_type(outcome, Outcome[models.RqId, CallError])


def projects_create_dataset(
    transport: Transport, id: int, dataset_file_request: models.DatasetFileRequest
) -> None:
    outcome = call(
        transport, projects.create_dataset, id=id, dataset_file_request=dataset_file_request
    )
    assert_type(outcome, Outcome[models.RqId | None, CallError])


def projects_create_dataset_export(transport: Transport, id: int, format: str) -> None:
    outcome = call(transport, projects.create_dataset_export, id=id, format=format)
    assert_type(outcome, Outcome[models.RqId, CallError])


def projects_destroy(transport: Transport, id: int) -> None:
    outcome = call(transport, projects.destroy, id=id)
    assert_type(outcome, Outcome[None, CallError])


def projects_list(transport: Transport) -> None:
    outcome = call(transport, projects.list)
    assert_type(outcome, Outcome[models.PaginatedProjectReadList, CallError])


def projects_partial_update(
    transport: Transport, id: int, patched_project_write_request: models.PatchedProjectWriteRequest
) -> None:
    outcome = call(
        transport,
        projects.partial_update,
        id=id,
        patched_project_write_request=patched_project_write_request,
    )
    assert_type(outcome, Outcome[models.ProjectRead, CallError])


def projects_retrieve(transport: Transport, id: int) -> None:
    outcome = call(transport, projects.retrieve, id=id)
    assert_type(outcome, Outcome[models.ProjectRead, CallError])


def projects_retrieve_preview(transport: Transport, id: int) -> None:
    outcome = call(transport, projects.retrieve_preview, id=id)
    assert_type(outcome, Outcome[bytes, CallError])


def quality_create_report(
    transport: Transport, quality_report_create_request: models.QualityReportCreateRequest
) -> None:
    outcome = call(
        transport,
        quality.create_report,
        quality_report_create_request=quality_report_create_request,
    )
    assert_type(outcome, Outcome[models.RqId, CallError])


def quality_create_settings_requirements(
    transport: Transport, quality_requirement_request: models.QualityRequirementRequest
) -> None:
    outcome = call(
        transport,
        quality.create_settings_requirements,
        quality_requirement_request=quality_requirement_request,
    )
    assert_type(outcome, Outcome[models.QualityRequirement, CallError])


def quality_create_settings_requirements_bulk(
    transport: Transport,
    quality_requirement_bulk_create_request: models.QualityRequirementBulkCreateRequest,
) -> None:
    outcome = call(
        transport,
        quality.create_settings_requirements_bulk,
        quality_requirement_bulk_create_request=quality_requirement_bulk_create_request,
    )
    assert_type(outcome, Outcome[tuple[models.QualityRequirement, ...], CallError])


def quality_destroy_settings_requirements(transport: Transport, id: int) -> None:
    outcome = call(transport, quality.destroy_settings_requirements, id=id)
    assert_type(outcome, Outcome[None, CallError])


def quality_list_conflicts(transport: Transport) -> None:
    outcome = call(transport, quality.list_conflicts)
    assert_type(outcome, Outcome[models.PaginatedAnnotationConflictList, CallError])


def quality_list_reports(transport: Transport) -> None:
    outcome = call(transport, quality.list_reports)
    assert_type(outcome, Outcome[models.PaginatedQualityReportList, CallError])


def quality_list_settings(transport: Transport) -> None:
    outcome = call(transport, quality.list_settings)
    assert_type(outcome, Outcome[models.PaginatedQualitySettingsList, CallError])


def quality_list_settings_requirements(transport: Transport) -> None:
    outcome = call(transport, quality.list_settings_requirements)
    assert_type(outcome, Outcome[models.PaginatedQualityRequirementListItemList, CallError])


def quality_partial_update_settings(
    transport: Transport,
    id: int,
    patched_quality_settings_request: models.PatchedQualitySettingsRequest,
) -> None:
    outcome = call(
        transport,
        quality.partial_update_settings,
        id=id,
        patched_quality_settings_request=patched_quality_settings_request,
    )
    assert_type(outcome, Outcome[models.QualitySettings, CallError])


def quality_partial_update_settings_requirements(
    transport: Transport,
    id: int,
    patched_quality_requirement_request: models.PatchedQualityRequirementRequest,
) -> None:
    outcome = call(
        transport,
        quality.partial_update_settings_requirements,
        id=id,
        patched_quality_requirement_request=patched_quality_requirement_request,
    )
    assert_type(outcome, Outcome[models.QualityRequirement, CallError])


def quality_retrieve_report(transport: Transport, id: int) -> None:
    outcome = call(transport, quality.retrieve_report, id=id)
    assert_type(outcome, Outcome[models.QualityReport, CallError])


def quality_retrieve_report_confusion(transport: Transport, id: int) -> None:
    outcome = call(transport, quality.retrieve_report_confusion, id=id)
    assert_type(outcome, Outcome[bytes, CallError])


def quality_retrieve_report_data(transport: Transport, id: int) -> None:
    outcome = call(transport, quality.retrieve_report_data, id=id)
    assert_type(outcome, Outcome[bytes, CallError])


def quality_retrieve_report_requirement_confusion(
    transport: Transport, id: int, requirement: int
) -> None:
    outcome = call(
        transport, quality.retrieve_report_requirement_confusion, id=id, requirement=requirement
    )
    assert_type(outcome, Outcome[models.QualityReportConfusionMatrix, CallError])


def quality_retrieve_settings(transport: Transport, id: int) -> None:
    outcome = call(transport, quality.retrieve_settings, id=id)
    assert_type(outcome, Outcome[models.QualitySettings, CallError])


def quality_retrieve_settings_requirements(transport: Transport, id: int) -> None:
    outcome = call(transport, quality.retrieve_settings_requirements, id=id)
    assert_type(outcome, Outcome[models.QualityRequirement, CallError])


def quality_update_settings(
    transport: Transport, id: int, quality_settings_request: models.QualitySettingsRequest
) -> None:
    outcome = call(
        transport, quality.update_settings, id=id, quality_settings_request=quality_settings_request
    )
    assert_type(outcome, Outcome[models.QualitySettings, CallError])


def quality_update_settings_requirements(
    transport: Transport, id: int, quality_requirement_request: models.QualityRequirementRequest
) -> None:
    outcome = call(
        transport,
        quality.update_settings_requirements,
        id=id,
        quality_requirement_request=quality_requirement_request,
    )
    assert_type(outcome, Outcome[models.QualityRequirement, CallError])


def requests_create_cancel(transport: Transport, id: str) -> None:
    outcome = call(transport, requests.create_cancel, id=id)
    assert_type(outcome, Outcome[None, CallError])


def requests_list(transport: Transport) -> None:
    outcome = call(transport, requests.list)
    assert_type(outcome, Outcome[models.PaginatedRequestList, CallError])


def requests_retrieve(transport: Transport, id: str) -> None:
    outcome = call(transport, requests.retrieve, id=id)
    assert_type(outcome, Outcome[models.Request, CallError])


def schema_retrieve(transport: Transport) -> None:
    outcome = call(transport, schema.retrieve)
    assert_type(outcome, Outcome[JSONObject, CallError])


def server_list_share(transport: Transport) -> None:
    outcome = call(transport, server.list_share)
    assert_type(outcome, Outcome[tuple[models.FileInfo, ...], CallError])


def server_retrieve_about(transport: Transport) -> None:
    outcome = call(transport, server.retrieve_about)
    assert_type(outcome, Outcome[models.About, CallError])


def server_retrieve_annotation_formats(transport: Transport) -> None:
    outcome = call(transport, server.retrieve_annotation_formats)
    assert_type(outcome, Outcome[models.DatasetFormats, CallError])


def server_retrieve_plugins(transport: Transport) -> None:
    outcome = call(transport, server.retrieve_plugins)
    assert_type(outcome, Outcome[models.Plugins, CallError])


def tasks_create(transport: Transport, task_write_request: models.TaskWriteRequest) -> None:
    outcome = call(transport, tasks.create, task_write_request=task_write_request)
    assert_type(outcome, Outcome[models.TaskRead, CallError])


def tasks_create_annotations(
    transport: Transport, id: int, annotation_file_request: models.AnnotationFileRequest
) -> None:
    outcome = call(
        transport, tasks.create_annotations, id=id, annotation_file_request=annotation_file_request
    )
    assert_type(outcome, Outcome[models.RqId | None, CallError])


def tasks_create_backup(transport: Transport, task_file_request: models.TaskFileRequest) -> None:
    outcome = call(transport, tasks.create_backup, task_file_request=task_file_request)
    assert_type(outcome, Outcome[models.RqId | None, CallError])


def tasks_create_backup_export(transport: Transport, id: int) -> None:
    outcome = call(transport, tasks.create_backup_export, id=id)
    assert_type(outcome, Outcome[models.RqId, CallError])


def tasks_create_data(transport: Transport, id: int, data_request: models.DataRequest) -> None:
    outcome = call(transport, tasks.create_data, id=id, data_request=data_request)
    assert_type(outcome, Outcome[models.RqId | None, CallError])


def tasks_create_dataset_export(transport: Transport, id: int, format: str) -> None:
    outcome = call(transport, tasks.create_dataset_export, id=id, format=format)
    assert_type(outcome, Outcome[models.RqId, CallError])


def tasks_destroy(transport: Transport, id: int) -> None:
    outcome = call(transport, tasks.destroy, id=id)
    assert_type(outcome, Outcome[None, CallError])


def tasks_destroy_annotations(transport: Transport, id: int) -> None:
    outcome = call(transport, tasks.destroy_annotations, id=id)
    assert_type(outcome, Outcome[None, CallError])


def tasks_list(transport: Transport) -> None:
    outcome = call(transport, tasks.list)
    assert_type(outcome, Outcome[models.PaginatedTaskReadList, CallError])


def tasks_partial_update(
    transport: Transport, id: int, patched_task_write_request: models.PatchedTaskWriteRequest
) -> None:
    outcome = call(
        transport,
        tasks.partial_update,
        id=id,
        patched_task_write_request=patched_task_write_request,
    )
    assert_type(outcome, Outcome[models.TaskRead, CallError])


def tasks_partial_update_annotations(
    transport: Transport,
    id: int,
    action: Literal["create", "delete", "update"],
    patched_labeled_data_request: models.PatchedLabeledDataRequest,
) -> None:
    outcome = call(
        transport,
        tasks.partial_update_annotations,
        id=id,
        action=action,
        patched_labeled_data_request=patched_labeled_data_request,
    )
    assert_type(outcome, Outcome[models.LabeledData, CallError])


def tasks_partial_update_data_meta(
    transport: Transport,
    id: int,
    patched_data_meta_write_request: models.PatchedDataMetaWriteRequest,
) -> None:
    outcome = call(
        transport,
        tasks.partial_update_data_meta,
        id=id,
        patched_data_meta_write_request=patched_data_meta_write_request,
    )
    assert_type(outcome, Outcome[models.DataMetaRead, CallError])


def tasks_partial_update_validation_layout(
    transport: Transport,
    id: int,
    patched_task_validation_layout_write_request: models.PatchedTaskValidationLayoutWriteRequest,
) -> None:
    outcome = call(
        transport,
        tasks.partial_update_validation_layout,
        id=id,
        patched_task_validation_layout_write_request=patched_task_validation_layout_write_request,
    )
    assert_type(outcome, Outcome[models.TaskValidationLayoutRead, CallError])


def tasks_retrieve(transport: Transport, id: int) -> None:
    outcome = call(transport, tasks.retrieve, id=id)
    assert_type(outcome, Outcome[models.TaskRead, CallError])


def tasks_retrieve_annotations(transport: Transport, id: int) -> None:
    outcome = call(transport, tasks.retrieve_annotations, id=id)
    assert_type(outcome, Outcome[models.LabeledData, CallError])


def tasks_retrieve_data(
    transport: Transport, id: int, type: Literal["chunk", "context_image", "frame"]
) -> None:
    outcome = call(transport, tasks.retrieve_data, id=id, type=type)
    assert_type(outcome, Outcome[bytes, CallError])


def tasks_retrieve_data_meta(transport: Transport, id: int) -> None:
    outcome = call(transport, tasks.retrieve_data_meta, id=id)
    assert_type(outcome, Outcome[models.DataMetaRead, CallError])


def tasks_retrieve_preview(transport: Transport, id: int) -> None:
    outcome = call(transport, tasks.retrieve_preview, id=id)
    assert_type(outcome, Outcome[bytes, CallError])


def tasks_retrieve_status(transport: Transport, id: int) -> None:
    outcome = call(transport, tasks.retrieve_status, id=id)
    assert_type(outcome, Outcome[models.RqStatus, CallError])


def tasks_retrieve_validation_layout(transport: Transport, id: int) -> None:
    outcome = call(transport, tasks.retrieve_validation_layout, id=id)
    assert_type(outcome, Outcome[models.TaskValidationLayoutRead, CallError])


def tasks_update_annotations(
    transport: Transport, id: int, labeled_data_request: models.LabeledDataRequest
) -> None:
    outcome = call(
        transport, tasks.update_annotations, id=id, labeled_data_request=labeled_data_request
    )
    assert_type(outcome, Outcome[models.LabeledData, CallError])


def users_destroy(transport: Transport, id: int) -> None:
    outcome = call(transport, users.destroy, id=id)
    assert_type(outcome, Outcome[None, CallError])


def users_list(transport: Transport) -> None:
    outcome = call(transport, users.list)
    assert_type(outcome, Outcome[models.PaginatedMetaUserList, CallError])


def users_partial_update(
    transport: Transport, id: int, patched_user_request: models.PatchedUserRequest
) -> None:
    outcome = call(
        transport, users.partial_update, id=id, patched_user_request=patched_user_request
    )
    assert_type(outcome, Outcome[models.MetaUser, CallError])


def users_retrieve(transport: Transport, id: int) -> None:
    outcome = call(transport, users.retrieve, id=id)
    assert_type(outcome, Outcome[models.MetaUser, CallError])


def users_retrieve_self(transport: Transport) -> None:
    outcome = call(transport, users.retrieve_self)
    assert_type(outcome, Outcome[models.MetaUser, CallError])


def webhooks_create(
    transport: Transport, webhook_write_request: models.WebhookWriteRequest
) -> None:
    outcome = call(transport, webhooks.create, webhook_write_request=webhook_write_request)
    assert_type(outcome, Outcome[models.WebhookRead, CallError])


def webhooks_create_deliveries_redelivery(transport: Transport, id: int, delivery_id: str) -> None:
    outcome = call(transport, webhooks.create_deliveries_redelivery, id=id, delivery_id=delivery_id)
    assert_type(outcome, Outcome[None, CallError])


def webhooks_create_ping(transport: Transport, id: int) -> None:
    outcome = call(transport, webhooks.create_ping, id=id)
    assert_type(outcome, Outcome[models.WebhookDeliveryRead, CallError])


def webhooks_destroy(transport: Transport, id: int) -> None:
    outcome = call(transport, webhooks.destroy, id=id)
    assert_type(outcome, Outcome[None, CallError])


def webhooks_list(transport: Transport) -> None:
    outcome = call(transport, webhooks.list)
    assert_type(outcome, Outcome[models.PaginatedWebhookReadList, CallError])


def webhooks_list_deliveries(transport: Transport, id: int) -> None:
    outcome = call(transport, webhooks.list_deliveries, id=id)
    assert_type(outcome, Outcome[models.PaginatedWebhookDeliveryReadList, CallError])


def webhooks_partial_update(
    transport: Transport, id: int, patched_webhook_write_request: models.PatchedWebhookWriteRequest
) -> None:
    outcome = call(
        transport,
        webhooks.partial_update,
        id=id,
        patched_webhook_write_request=patched_webhook_write_request,
    )
    assert_type(outcome, Outcome[models.WebhookRead, CallError])


def webhooks_retrieve(transport: Transport, id: int) -> None:
    outcome = call(transport, webhooks.retrieve, id=id)
    assert_type(outcome, Outcome[models.WebhookRead, CallError])


def webhooks_retrieve_deliveries(transport: Transport, id: int, delivery_id: str) -> None:
    outcome = call(transport, webhooks.retrieve_deliveries, id=id, delivery_id=delivery_id)
    assert_type(outcome, Outcome[models.WebhookDeliveryRead, CallError])


def webhooks_retrieve_events(transport: Transport) -> None:
    outcome = call(transport, webhooks.retrieve_events)
    assert_type(outcome, Outcome[models.Events, CallError])


def webhooks_update(
    transport: Transport, id: int, webhook_write_request: models.WebhookWriteRequest
) -> None:
    outcome = call(transport, webhooks.update, id=id, webhook_write_request=webhook_write_request)
    assert_type(outcome, Outcome[models.WebhookRead, CallError])
